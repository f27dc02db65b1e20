import { ComplexTensor } from '../complexTensor.ts';
import type { TensorLike } from '../convert.ts';
import { zerosLike } from '../create/host.ts';
import { ShapeError } from '../errors.ts';
import { floatOperand } from '../promote.ts';
import { refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { complex, complexOperand, complexSample, refusedByComplex } from './complex.ts';
import { concatOp } from './concat.ts';
import { fftOp } from './fft.ts';
import { neg } from './pointwise.ts';
import { reverseOp } from './reverse.ts';
import { padded, slicedAlong } from './slice.ts';

function lastAxis(op: string, x: Tensor | ComplexTensor): number {
  if (x.rank === 0) throw new ShapeError(`${op}: shape ${showShape(x.shape)} has no axis to transform along`);
  return x.rank - 1;
}

function transformed(op: string, input: ComplexTensor, inverse: boolean): ComplexTensor {
  const { re, im } = complexOperand(op, input);
  lastAxis(op, re);
  return new ComplexTensor(...fftOp([re, im], { inverse }));
}

/**
 * The discrete Fourier transform along the last axis.
 * @example
 * fft(complex([1, 1], [0, 0])).print(); // [[2, 0], [0, 0]]
 */
export function fft(input: ComplexTensor): ComplexTensor {
  return transformed('fft', input, false);
}

/**
 * The inverse of `fft`, divided by the length of the last axis.
 * @example
 * ifft(complex([2, 0], [0, 0])).print(); // [[1, 0], [1, 0]]
 */
export function ifft(input: ComplexTensor): ComplexTensor {
  return transformed('ifft', input, true);
}

/**
 * The first half of the discrete Fourier transform of real numbers along the last axis, floor(n / 2) + 1 of them, which
 * tell the rest; the axis is cut or padded with zeros to `fftLength` first (default: its length).
 * @example
 * rfft([1, 1]).print(); // [[2, 0], [0, 0]]
 */
export function rfft(input: TensorLike, fftLength?: number | null): ComplexTensor {
  const x = floatOperand('rfft', input);
  const axis = lastAxis('rfft', x);
  const length = fftLength ?? x.shape[axis];
  if (!Number.isInteger(length) || length < 1) {
    throw new ShapeError(`rfft: the length must be a positive integer, got ${length} for shape ${showShape(x.shape)}`);
  }
  const missing = length - x.shape[axis];
  const fitted =
    missing < 0
      ? slicedAlong(x, axis, 0, length)
      : padded(
          x,
          x.shape.map((_, i): [number, number] => [0, i === axis ? missing : 0]),
          0,
        );
  const parts = fftOp([fitted, zerosLike(fitted)], { inverse: false });
  const [re, im] = parts.map((part) => slicedAlong(part, axis, 0, Math.floor(length / 2) + 1));
  return new ComplexTensor(re, im);
}

/**
 * The inverse of `rfft` for an even length: 2 (n - 1) real numbers along the last axis. As in tfjs, an axis of one or two
 * keeps its length.
 * @example
 * irfft(rfft([1, 2, 3, 4])).print(); // [1, 2, 3, 4]
 */
export function irfft(input: ComplexTensor): Tensor {
  const { re, im } = complexOperand('irfft', input);
  const axis = lastAxis('irfft', re);
  const inner = re.shape[axis] - 2;
  const mirrored = (x: Tensor): Tensor => reverseOp([slicedAlong(x, axis, 1, inner)], { axes: [axis] });
  const whole = (x: Tensor, rest: (x: Tensor) => Tensor): Tensor =>
    inner <= 0 ? x : concatOp([x, rest(mirrored(x))], { axis });
  return fftOp([whole(re, (x) => x), whole(im, neg)], { inverse: true })[0];
}

const samples: Samples<(input: ComplexTensor) => unknown> = (generator) => [
  [complexSample(generator, [4])],
  [complexSample(generator, [2, 3])],
  [complexSample(generator, [2, 2, 2])],
  [complexSample(generator, [1])],
  [complexSample(generator, [0, 3])],
];

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string): BadSamples<(input: ComplexTensor) => unknown> {
  return (generator) => [
    ...refusedByComplex(op)(generator),
    { args: [complexSample(generator, [])], error: 'ShapeError', names: [op, '[]'] },
  ];
}

export const fftSamples: Samples<typeof fft> = samples;

const space: Space<(input: ComplexTensor) => unknown> = ({ uniform, shape, length }) => {
  const lengths = [...shape(0, 2), length(1)];
  return [complex(uniform(lengths, -1, 1), uniform(lengths, -1, 1))];
};

export const fftSpace: Space<typeof fft> = space;
export const fftBadSamples: BadSamples<typeof fft> = refused('fft');
export const ifftSamples: Samples<typeof ifft> = samples;

export const ifftSpace: Space<typeof ifft> = space;
export const ifftBadSamples: BadSamples<typeof ifft> = refused('ifft');
export const irfftSamples: Samples<typeof irfft> = samples;

export const irfftSpace: Space<typeof irfft> = space;
export const irfftBadSamples: BadSamples<typeof irfft> = refused('irfft');

export const rfftSamples: Samples<typeof rfft> = ({ uniform, indices }) => [
  [uniform([6])],
  [uniform([2, 3])],
  [uniform([2, 5]), 3],
  [uniform([3]), 8],
  [indices([4], 5)],
  [uniform([0, 2])],
];

export const rfftSpace: Space<typeof rfft> = ({ uniform, shape, length, pick, int }) => [
  uniform([...shape(0, 2), length(1)], -1, 1),
  pick(undefined, null, int(1, 9)),
];

export const rfftBadSamples: BadSamples<typeof rfft> = (generator) => [
  ...refusedByUnary('rfft')(generator),
  { args: [generator.uniform([])], error: 'ShapeError', names: ['rfft', '[]'] },
  { args: [generator.uniform([3]), 0], error: 'ShapeError', names: ['rfft', '0'] },
];
