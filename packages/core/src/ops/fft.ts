import type { TensorLike } from '../convert.ts';
import { zerosLike } from '../create/host.ts';
import { ShapeError } from '../errors.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sameShape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { fourier } from './fourier.ts';
import { mul } from './pointwise.ts';

/** Attributes of `fft`: the inverse is divided by the length. */
export interface Fft {
  readonly inverse: boolean;
}

type Complex = readonly [re: Tensor, im: Tensor];

export const fftOp: OpFunction<Complex, Fft, Complex> = linear('fft', {
  outputs: 2,
  infer: ([re, im]) => [re, im],
  host: fourier,
  /** On pairs of reals, the transpose of a symmetric complex matrix is its conjugate: the other direction, unscaled. */
  transpose([gRe, gIm], [{ shape }], { inverse }) {
    const given = gRe ?? gIm;
    if (given === null) return [null, null];
    const n = shape[shape.length - 1];
    const scale = inverse ? 1 / n : n;
    const pulled = fftOp([gRe ?? zerosLike(given), gIm ?? zerosLike(given)], { inverse: !inverse });
    return pulled.map((part) => mul(part, scale));
  },
});

/**
 * The discrete Fourier transform along the last axis of complex numbers, given and returned as real and imaginary part;
 * the inverse is divided by the length of the axis.
 * @example
 * fftPair([1, 1], [0, 0])[0].print(); // [2, 0]
 */
export function fftPair(re: TensorLike, im: TensorLike, inverse = false): [re: Tensor, im: Tensor] {
  const [x, y] = operands('fftPair', [re, im], 'float');
  if (x.rank === 0 || !sameShape(x.shape, y.shape)) {
    throw new ShapeError(
      `fftPair: real and imaginary part need one shape with at least one axis, got ${showShape(x.shape)} and ${showShape(y.shape)}`,
    );
  }
  const [outRe, outIm] = fftOp([x, y], { inverse });
  return [outRe, outIm];
}

export const fftPairSamples: Samples<typeof fftPair> = ({ uniform, indices }) => [
  [uniform([8]), uniform([8])],
  [uniform([3]), uniform([3]), true],
  [uniform([2, 5]), uniform([2, 5])],
  [uniform([2, 2, 6]), uniform([2, 2, 6]), true],
  [uniform([1]), uniform([1])],
  [uniform([0, 4]), uniform([0, 4])],
  [uniform([2, 0]), uniform([2, 0])],
  [uniform([3]), [0, 0, 0]],
  [indices([4], 5), indices([4], 5)],
];

export const fftPairSpace: Space<typeof fftPair> = ({ uniform, shape, length, pick }) => {
  const lengths = [...shape(0, 2), length()];
  return [uniform(lengths, -1, 1), uniform(lengths, -1, 1), pick(false, true)];
};

export const fftPairBadSamples: BadSamples<typeof fftPair> = ({ uniform, wrong }) => [
  { args: [uniform([4]), uniform([3])], error: 'ShapeError', names: ['fftPair', '[4]', '[3]'] },
  { args: [uniform([]), uniform([])], error: 'ShapeError', names: ['fftPair', '[]'] },
  { args: [wrong(null), uniform([3])], error: 'ArgumentError', names: ['fftPair', 'null'] },
  { args: [uniform([3]), wrong(undefined)], error: 'ArgumentError', names: ['fftPair', 'undefined'] },
];
