import { currentBackend, defaultFloat } from '../backends.ts';
import type { ComplexTensor } from '../complexTensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { allocate } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { floatOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './pointwise.ts';
import { padded } from './slice.ts';
import { rfft } from './spectral.ts';
import { unfoldOp } from './unfold.ts';

/** a - b cos(2πi / n), where an even window has the period of its length and an odd one is symmetric. */
function cosineWindow(op: string, length: number, a: number, b: number): Tensor {
  if (!Number.isInteger(length) || length < 0) {
    throw new ShapeError(`${op}: the window's length must be a non-negative integer, got ${length}`);
  }
  const period = length % 2 === 0 ? length : length - 1;
  const backend = currentBackend();
  const dtype = defaultFloat(backend);
  const values = allocate(dtype, length);
  for (let i = 0; i < length; i++) values[i] = a - b * Math.cos((2 * Math.PI * i) / period);
  return hostTensor(op, backend, values, [length], dtype);
}

/**
 * The Hann window: 1/2 - cos(2πi / n) / 2.
 * @example
 * hannWindow(3).print(); // [0, 1, 0]
 */
export function hannWindow(windowLength: number): Tensor {
  return cosineWindow('hannWindow', windowLength, 0.5, 0.5);
}

/**
 * The Hamming window: 0.54 - 0.46 cos(2πi / n).
 * @example
 * hammingWindow(3).print(); // [0.08, 1, 0.08]
 */
export function hammingWindow(windowLength: number): Tensor {
  return cosineWindow('hammingWindow', windowLength, 0.54, 0.46);
}

function checkCount(op: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new ShapeError(`${op}: ${name} must be a positive integer, got ${value}`);
  }
}

/**
 * The parts of a `signal` of one axis that are `frameLength` long and begin every `frameStep` elements, as rows. Where
 * `padEnd`, those that reach beyond the end too, with `padValue` there.
 * @example
 * frame([1, 2, 3, 4, 5], 3, 2).print(); // [[1, 2, 3], [3, 4, 5]]
 */
export function frame(
  signal: TensorLike,
  frameLength: number,
  frameStep: number,
  padEnd = false,
  padValue = 0,
): Tensor {
  const x = toTensor('frame', signal);
  if (x.rank !== 1) throw new ShapeError(`frame: a signal of one axis is needed, got shape ${showShape(x.shape)}`);
  checkCount('frame', 'frameLength', frameLength);
  // Where no frame fits, tfjs takes any step.
  const none = !padEnd && x.size < frameLength;
  if (!none) checkCount('frame', 'frameStep', frameStep);
  const stride = none ? 1 : frameStep;
  const reach = Math.max(0, (Math.ceil(x.size / stride) - 1) * stride + frameLength);
  const whole = padEnd && x.size > 0 ? padded(x, [[0, Math.max(0, reach - x.size)]], padValue) : x;
  return unfoldOp([whole], { axes: [0], window: [frameLength], strides: [stride], dilations: [1] });
}

/**
 * The short-time Fourier transform of a `signal` of one axis: the `rfft` of each of its frames, weighed by a window.
 * `fftLength` is by default the power of 2 that encloses a frame.
 * @example
 * stft([1, 1, 1, 1], 2, 1, 2, hammingWindow).print(); // [[[1.08, 0], [-0.92, 0]], [[1.08, 0], [-0.92, 0]], [[1.08, 0], [-0.92, 0]]]
 */
export function stft(
  signal: TensorLike,
  frameLength: number,
  frameStep: number,
  fftLength?: number | null,
  windowFn: (length: number) => Tensor = hannWindow,
): ComplexTensor {
  const frames = frame(floatOperand('stft', signal), frameLength, frameStep);
  return rfft(mul(frames, windowFn(frameLength)), fftLength ?? 2 ** Math.ceil(Math.log2(frameLength)));
}

const windowSamples: Samples<typeof hannWindow> = () => [[3], [6], [0], [1]];

/* @__NO_SIDE_EFFECTS__ */
const refusedByWindow =
  (op: string): BadSamples<typeof hannWindow> =>
  () => [
    { args: [-1], error: 'ShapeError', names: [op, '-1'] },
    { args: [0.5], error: 'ShapeError', names: [op, '0.5'] },
  ];

export const hannWindowSamples: Samples<typeof hannWindow> = windowSamples;

export const hannWindowSpace: Space<typeof hannWindow> = ({ int }) => [int(0, 12)];
export const hannWindowBadSamples: BadSamples<typeof hannWindow> = refusedByWindow('hannWindow');
export const hammingWindowSamples: Samples<typeof hammingWindow> = windowSamples;

export const hammingWindowSpace: Space<typeof hammingWindow> = ({ int }) => [int(0, 12)];
export const hammingWindowBadSamples: BadSamples<typeof hammingWindow> = refusedByWindow('hammingWindow');

export const frameSamples: Samples<typeof frame> = ({ uniform, indices }) => [
  [uniform([5]), 3, 1],
  [uniform([7]), 2, 3],
  [uniform([5]), 3, 2, true, 4],
  [uniform([5]), 2, 4, true],
  [uniform([2]), 3, 1],
  [indices([5], 9), 3, 2, true, 7],
  [uniform([0]), 2, 1, true],
];

export const frameSpace: Space<typeof frame> = ({ uniform, int, pick }) => [
  uniform([int(0, 9)]),
  int(1, 4),
  int(1, 4),
  pick(undefined, false, true),
  pick(undefined, 0, -1.5),
];

export const frameBadSamples: BadSamples<typeof frame> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2, 1], error: 'ShapeError', names: ['frame', '[2,3]'] },
  { args: [uniform([3]), 0, 1], error: 'ShapeError', names: ['frame', 'frameLength', '0'] },
  { args: [uniform([3]), 2, 0], error: 'ShapeError', names: ['frame', 'frameStep', '0'] },
  { args: [wrong(null), 2, 1], error: 'ArgumentError', names: ['frame', 'null'] },
];

export const stftSamples: Samples<typeof stft> = ({ uniform }) => [
  [uniform([6]), 3, 1],
  [uniform([7]), 4, 2, 6, hammingWindow],
  [uniform([2]), 3, 1],
];

export const stftSpace: Space<typeof stft> = ({ uniform, int, pick }) => {
  const window = int(1, 4);
  const length = pick(undefined, null, int(1, 8));
  return [uniform([int(1, 9)], -1, 1), window, int(1, 3), length, pick(undefined, hannWindow, hammingWindow)];
};

export const stftBadSamples: BadSamples<typeof stft> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2, 1], error: 'ShapeError', names: ['frame', '[2,3]'] },
  { args: [wrong(null), 2, 1], error: 'ArgumentError', names: ['stft', 'null'] },
];
