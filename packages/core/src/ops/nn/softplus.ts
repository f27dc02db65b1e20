import type { TensorLike } from '../../convert.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import { kinkedSamples, refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { abs, divOp, square, sub } from '../arithmetic.ts';
import { less } from '../comparison.ts';
import { erf, exp, expm1, log1p, sigmoid } from '../exponential.ts';
import { add, mul, neg, type Unary } from '../pointwise.ts';
import { tanh } from '../trigonometric.ts';
import { select } from '../where.ts';
import { activation } from './activation.ts';

// Where a piece would overflow outside its part of the axis, it gets a harmless argument there: 0 * Infinity is NaN.

/** Attributes of `gelu`. */
export interface Gelu {
  readonly approximate: boolean;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** x itself below 0 and at it, else 0. */
function nonPositive(x: Tensor): Tensor {
  return select(x, less(0, x), 0, x);
}

/**
 * The exponential linear unit: x where it is positive, else exp(x) - 1.
 * @example
 * elu([-1, 2]).print(); // [-0.6321206, 2]
 */
export const elu: Unary = activation('elu', {
  saves: ['y'],
  compose: (x) => select(x, less(0, x), x, expm1(nonPositive(x))),
  vjp: (g, _x, y) => select(g, less(0, y), g, mul(g, add(y, 1))),
});

/**
 * The scaled exponential linear unit, whose constants keep mean 0 and variance 1 through layers. Its derivative at 0 is
 * that from below, 1.758.
 * @example
 * selu([-1, 2]).print(); // [-1.111331, 2.101402]
 */
export const selu: Unary = activation('selu', {
  saves: ['y'],
  compose: (x) => mul(select(x, less(0, x), x, mul(expm1(nonPositive(x)), SELU_ALPHA)), SELU_SCALE),
  vjp: (g, _x, y) => mul(g, select(y, less(0, y), SELU_SCALE, add(y, SELU_SCALE * SELU_ALPHA))),
});

/**
 * log(1 + exp(x)), finite everywhere: a smooth rectifier.
 * @example
 * softplus([0, 1000]).print(); // [0.6931472, 1000]
 */
export const softplus: Unary = activation('softplus', {
  saves: [0],
  // At 0 both pieces agree in every derivative, unlike maximum(x, 0) + log1p(exp(-abs(x))) in its terms.
  compose(x) {
    const positive = less(0, x);
    return add(select(x, positive, x, 0), log1p(exp(select(x, positive, neg(x), x))));
  },
  vjp: (g, x) => mul(g, sigmoid(x)),
});

/**
 * log(sigmoid(x)), finite everywhere.
 * @example
 * logSigmoid([0, -1000]).print(); // [-0.6931472, -1000]
 */
export function logSigmoid(x: TensorLike): SameRank {
  return neg(softplus(neg(floatOperand('logSigmoid', x))));
}

/**
 * x / (1 + |x|).
 * @example
 * softsign([-1, 0, 3]).print(); // [-0.5, 0, 0.75]
 */
export const softsign: Unary = activation('softsign', { compose: (x) => divOp(x, add(abs(x), 1)) });

/**
 * x * sigmoid(x), also known as swish.
 * @example
 * silu([0, 1]).print(); // [0, 0.7310586]
 */
export const silu: Unary = activation('silu', {
  saves: [0],
  compose: (x) => mul(x, sigmoid(x)),
  vjp(g, x) {
    const s = sigmoid(x);
    return mul(g, mul(s, add(mul(x, sub(1, s)), 1)));
  },
});

export const geluOp: OpFunction<readonly [x: Tensor], Gelu, Tensor> = composite('gelu', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0],
  compose: ([x], { approximate }) => mul(mul(x, 0.5), add(bent(x, approximate), 1)),
  vjp(g, [x], _y, { approximate }) {
    const y = bent(x, approximate);
    const slope = approximate
      ? mul(sub(1, square(y)), add(mul(square(x), 3 * GELU_CUBIC), 1))
      : exp(mul(square(x), -0.5));
    return mul(mul(g, 0.5), add(add(y, 1), mul(x, mul(slope, GELU_SLOPE))));
  },
});

const GELU_CUBIC = 0.044715;
// The square root of 2 / π.
const GELU_SLOPE = 0.7978845608028654;

/** The curve between -1 and 1 of `gelu`, whose slope at 0 is the same in both forms. */
function bent(x: Tensor, approximate: boolean): Tensor {
  if (!approximate) return erf(mul(x, Math.SQRT1_2));
  return tanh(mul(mul(x, add(mul(square(x), GELU_CUBIC), 1)), GELU_SLOPE));
}

/**
 * x times the normal distribution's share below x; by default in the usual approximation with tanh, as in JAX.
 * @example
 * gelu([0, 1], false).print(); // [0, 0.8413447]
 */
export function gelu(x: TensorLike, approximate = true): SameRank {
  return geluOp([floatOperand('gelu', x)], { approximate });
}

const smoothSamples: Samples<Unary> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3], -3, 3)],
  [exactly([0, 1, -1, 30, -30])],
  [indices([4], 5)],
  [uniform([0])],
  [uniform([])],
];

export const eluSamples: Samples<typeof elu> = kinkedSamples;
export const seluSamples: Samples<typeof selu> = kinkedSamples;
export const softsignSamples: Samples<typeof softsign> = kinkedSamples;
export const softplusSamples: Samples<typeof softplus> = smoothSamples;
export const logSigmoidSamples: Samples<typeof logSigmoid> = smoothSamples;
export const siluSamples: Samples<typeof silu> = smoothSamples;

export const geluSamples: Samples<typeof gelu> = ({ uniform }) => [
  [uniform([2, 3], -3, 3)],
  [uniform([2, 3], -3, 3), false],
  [uniform([0])],
  [uniform([])],
];

export const geluSpace: Space<typeof gelu> = ({ uniform, shape, pick }) => [
  uniform(shape(), -3, 3),
  pick(undefined, true, false),
];

export const eluBadSamples: BadSamples<typeof elu> = refusedByUnary('elu');
export const seluBadSamples: BadSamples<typeof selu> = refusedByUnary('selu');
export const softsignBadSamples: BadSamples<typeof softsign> = refusedByUnary('softsign');
export const softplusBadSamples: BadSamples<typeof softplus> = refusedByUnary('softplus');
export const logSigmoidBadSamples: BadSamples<typeof logSigmoid> = refusedByUnary('logSigmoid');
export const siluBadSamples: BadSamples<typeof silu> = refusedByUnary('silu');
export const geluBadSamples: BadSamples<typeof gelu> = refusedByUnary('gelu');
