import { ComplexTensor } from '../complexTensor.ts';
import type { TensorLike } from '../convert.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { NO_ATTRS } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Generator, Samples, Space } from '../sampling.ts';
import { sameShape, showShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { aliasOp } from './alias.ts';

/** Throws `DTypeError` unless the argument is complex. */
export function complexOperand(op: string, x: ComplexTensor): ComplexTensor {
  if (x instanceof ComplexTensor) return x;
  const given: unknown = x;
  const found = given instanceof Tensor ? given.dtype : typeof given;
  throw new DTypeError(`${op}: needs complex numbers, got ${found}; make them with complex(re, im)`);
}

/**
 * Complex numbers from their real and imaginary parts, which have one shape.
 * @example
 * const z = complex([3, 30], [4, 40]);
 * console.log(z.shape, z.dtype); // [ 2 ] complex64
 * z.print(); // [[3, 4], [30, 40]]
 */
export function complex(real: TensorLike, imag: TensorLike): ComplexTensor {
  const [re, im] = operands('complex', [real, imag], 'float');
  if (!sameShape(re.shape, im.shape)) {
    throw new ShapeError(
      `complex: real parts of shape ${showShape(re.shape)} and imaginary parts of shape ${showShape(im.shape)} must have one shape`,
    );
  }
  return new ComplexTensor(aliasOp([re], NO_ATTRS), aliasOp([im], NO_ATTRS));
}

/**
 * The real parts of complex numbers.
 * @example
 * real(complex([3, 30], [4, 40])).print(); // [3, 30]
 */
export function real(input: ComplexTensor): Tensor {
  return aliasOp([complexOperand('real', input).re], NO_ATTRS);
}

/**
 * The imaginary parts of complex numbers.
 * @example
 * imag(complex([3, 30], [4, 40])).print(); // [4, 40]
 */
export function imag(input: ComplexTensor): Tensor {
  return aliasOp([complexOperand('imag', input).im], NO_ATTRS);
}

/** Complex samples of a shape. */
export function complexSample({ uniform }: Generator, shape: readonly number[]): ComplexTensor {
  return complex(uniform(shape), uniform(shape));
}

/** What every function of complex numbers refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedByComplex(op: string): BadSamples<(input: ComplexTensor) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [wrong(uniform([2]))], error: 'DTypeError', names: [op, 'complex'] },
    { args: [wrong(null)], error: 'DTypeError', names: [op] },
  ];
}

export const complexSamples: Samples<typeof complex> = ({ uniform }) => [
  [uniform([2, 3]), uniform([2, 3])],
  [uniform([2]), [1, 2]],
  [uniform([]), uniform([])],
  [uniform([0]), uniform([0])],
];

export const complexSpace: Space<typeof complex> = ({ uniform, shape }) => {
  const lengths = shape();
  return [uniform(lengths), uniform(lengths)];
};

export const complexBadSamples: BadSamples<typeof complex> = ({ uniform, wrong }) => [
  { args: [uniform([2]), uniform([3])], error: 'ShapeError', names: ['complex', '[2]', '[3]'] },
  { args: [wrong(null), uniform([3])], error: 'ArgumentError', names: ['complex', 'null'] },
];

const partSamples: Samples<typeof real> = (generator) => [
  [complexSample(generator, [2, 3])],
  [complexSample(generator, [])],
];

export const realSamples: Samples<typeof real> = partSamples;

export const realSpace: Space<typeof real> = (draw) => [complexSample(draw, draw.shape())];
export const realBadSamples: BadSamples<typeof real> = refusedByComplex('real');
export const imagSamples: Samples<typeof imag> = partSamples;

export const imagSpace: Space<typeof imag> = (draw) => [complexSample(draw, draw.shape())];
export const imagBadSamples: BadSamples<typeof imag> = refusedByComplex('imag');
