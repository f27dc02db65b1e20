import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { divOp, reciprocal, square, sub } from './arithmetic.ts';
import { add, mul, neg, pointwise, type Unary } from './pointwise.ts';

/**
 * e to the power of each element.
 * @example
 * exp([0, 1]).print(); // [1, 2.718282]
 */
export const exp: Unary = pointwise('exp', { domain: 'float', saves: ['y'], partials: [(_x, y) => y] });

/**
 * exp(x) - 1, accurate near 0.
 * @example
 * expm1([0, 1e-6]).print(); // [0, 0.0000010000005]
 */
export const expm1: Unary = pointwise('expm1', { domain: 'float', saves: [0], partials: [(x) => exp(x)] });

/**
 * Natural logarithm. -Infinity at 0, with an infinite derivative; NaN for negative elements.
 * @example
 * log([1, Math.E]).print(); // [0, 1]
 */
export const log: Unary = pointwise('log', { domain: 'float', saves: [0], partials: [(x) => reciprocal(x)] });

/**
 * log(1 + x), accurate near 0.
 * @example
 * log1p([0, 1]).print(); // [0, 0.6931472]
 */
export const log1p: Unary = pointwise('log1p', {
  domain: 'float',
  saves: [0],
  partials: [(x) => reciprocal(add(x, 1))],
});

/**
 * Square root. Its derivative at 0 is Infinity.
 * @example
 * sqrt([4, 9]).print(); // [2, 3]
 */
export const sqrt: Unary = pointwise('sqrt', { domain: 'float', saves: ['y'], partials: [(_x, y) => divOp(0.5, y)] });

/**
 * 1 / sqrt(x), element by element.
 * @example
 * rsqrt([4, 16]).print(); // [0.5, 0.25]
 */
export function rsqrt(x: TensorLike): SameRank {
  return reciprocal(sqrt(floatOperand('rsqrt', x)));
}

/** The product of g with the derivative of sigmoid, by its value y: g y (1 - y). */
export const sigmoidGradOp: OpFunction<readonly [g: Tensor, y: Tensor], NoAttrs, Tensor> = composite('sigmoidGrad', {
  infer: ([g]) => g,
  compose: ([g, y]) => mul(g, mul(y, sub(1, y))),
});

/**
 * The logistic function 1 / (1 + exp(-x)), finite everywhere.
 * @example
 * sigmoid([0, 100]).print(); // [0.5, 1]
 */
export const sigmoid: Unary = pointwise('sigmoid', {
  domain: 'float',
  saves: ['y'],
  partials: [(_x, y) => mul(y, sub(1, y))],
  product: (g, _x, y) => sigmoidGradOp([g, y], NO_ATTRS),
});

/**
 * The error function, 2/√π times the integral of exp(-t²) from 0 to x.
 * @example
 * erf([0, 1]).print(); // [0, 0.8427008]
 */
export const erf: Unary = pointwise('erf', {
  domain: 'float',
  saves: [0],
  partials: [(x) => mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))],
});

const samples: Samples<Unary> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3], -2, 2)],
  [exactly([0, 1, -1, 0.001])],
  [indices([3], 4)],
  [uniform([0])],
  [uniform([])],
];

const positiveSamples: Samples<Unary> = ({ uniform }) => [
  [uniform([2, 3], 0.3, 3)],
  [uniform([0])],
  [uniform([], 0.5, 2)],
];

export const expSamples: Samples<typeof exp> = samples;
export const expm1Samples: Samples<typeof expm1> = samples;
export const sigmoidSamples: Samples<typeof sigmoid> = samples;
export const erfSamples: Samples<typeof erf> = samples;
export const logSamples: Samples<typeof log> = positiveSamples;
export const sqrtSamples: Samples<typeof sqrt> = positiveSamples;
export const rsqrtSamples: Samples<typeof rsqrt> = positiveSamples;

export const log1pSamples: Samples<typeof log1p> = ({ uniform, indices }) => [
  [uniform([2, 3], -0.6, 2)],
  [indices([3], 4)],
  [uniform([0])],
  [uniform([], -0.5, 2)],
];

export const expBadSamples: BadSamples<typeof exp> = refusedByUnary('exp');
export const expm1BadSamples: BadSamples<typeof expm1> = refusedByUnary('expm1');
export const logBadSamples: BadSamples<typeof log> = refusedByUnary('log');
export const log1pBadSamples: BadSamples<typeof log1p> = refusedByUnary('log1p');
export const sqrtBadSamples: BadSamples<typeof sqrt> = refusedByUnary('sqrt');
export const rsqrtBadSamples: BadSamples<typeof rsqrt> = refusedByUnary('rsqrt');
export const sigmoidBadSamples: BadSamples<typeof sigmoid> = refusedByUnary('sigmoid');
export const erfBadSamples: BadSamples<typeof erf> = refusedByUnary('erf');
