import { type TensorLike, toTensor } from '../../convert.ts';
import { ArgumentError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import { kinkedSamples, refusedByBinary, refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { broadcastShapes } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { less, lessEqual, logicalOr, matched } from '../comparison.ts';
import { mul, type Unary } from '../pointwise.ts';
import { countable } from '../sum.ts';
import { select } from '../where.ts';
import { activation } from './activation.ts';

// Each is a selection among straight pieces, so that it has the derivative of exactly one of them at a kink.

/** Attributes of `leakyRelu` and `step`: the slope or the value for negative elements. */
export interface Alpha {
  readonly alpha: number;
}

/** Attributes of `clipByValue`. */
export interface ClipByValue {
  readonly min: number;
  readonly max: number;
}

/**
 * The rectifier: x where it is positive, else 0. Its derivative at 0 is 0.
 * @example
 * relu([-1, 0, 2]).print(); // [0, 0, 2]
 */
export const relu: Unary = activation('relu', {
  domain: 'any',
  saves: ['y'],
  compose: (x) => select(x, lessEqual(x, 0), 0, x),
  vjp: (g, _x, y) => select(g, lessEqual(y, 0), 0, g),
});

/**
 * The rectifier with a ceiling of 6. As in tfjs its derivative is 0 at 0 and 1 at 6.
 * @example
 * relu6([-1, 3, 8]).print(); // [0, 3, 6]
 */
export const relu6: Unary = activation('relu6', {
  domain: 'any',
  saves: [0],
  compose: (x) => select(x, lessEqual(x, 0), 0, select(x, less(6, x), 6, x)),
  vjp: (g, x) => select(g, logicalOr(lessEqual(x, 0), less(6, x)), 0, g),
});

export const leakyReluOp: OpFunction<readonly [x: Tensor], Alpha, Tensor> = composite('leakyRelu', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0],
  compose: ([x], { alpha }) => select(x, less(0, x), x, mul(x, alpha)),
  vjp: (g, [x], _y, { alpha }) => select(g, less(0, x), g, mul(g, alpha)),
});

export const preluOp: OpFunction<readonly [x: Tensor, alpha: Tensor], NoAttrs, Tensor> = composite('prelu', {
  infer: ([x, alpha]) => ({ shape: broadcastShapes('prelu', x.shape, alpha.shape), dtype: x.dtype }),
  compose([x, alpha]) {
    const positive = less(0, x);
    return select(x, positive, x, mul(alpha, select(x, positive, 0, x)));
  },
});

export const stepOp: OpFunction<readonly [x: Tensor], Alpha, Tensor> = composite('step', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  // What is left to `x` are NaNs.
  compose: ([x], { alpha }) => select(x, less(0, x), 1, select(x, lessEqual(x, 0), alpha, x)),
});

export const clipByValueOp: OpFunction<readonly [x: Tensor], ClipByValue, Tensor> = composite('clipByValue', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0],
  compose: ([x], { min, max }) => select(x, less(x, min), min, select(x, less(max, x), max, x)),
  vjp: (g, [x], _y, { min, max }) => select(g, logicalOr(less(x, min), less(max, x)), 0, g),
});

/**
 * x where it is positive, else alpha * x. Its derivative at 0 is alpha.
 * @example
 * leakyRelu([-1, 2]).print(); // [-0.2, 2]
 */
export function leakyRelu(x: TensorLike, alpha = 0.2): SameRank {
  return leakyReluOp([floatOperand('leakyRelu', x)], { alpha });
}

/**
 * As `leakyRelu`, with slopes that can be learned: `alpha` broadcasts against x.
 * @example
 * prelu([-1, -2, 3], [0.1, 0.5, 0.5]).print(); // [-0.1, -1, 3]
 */
export function prelu(x: TensorLike, alpha: TensorLike): SameRank {
  return preluOp(matched('prelu', x, alpha, 'float'), NO_ATTRS);
}

/**
 * 1 where x is positive, else alpha, in the dtype of x: for int32 alpha is truncated. Its derivative is 0.
 * @example
 * step([-1, 0, 2]).print(); // [0, 0, 1]
 */
export function step(x: TensorLike, alpha = 0): SameRank {
  return stepOp([countable(toTensor('step', x))], { alpha });
}

/**
 * Elements below `clipValueMin` become it, elements above `clipValueMax` that. The derivative at the bounds is 1.
 * @example
 * clipByValue([-2, 0.5, 3], 0, 1).print(); // [0, 0.5, 1]
 */
export function clipByValue(x: TensorLike, clipValueMin: number, clipValueMax: number): SameRank {
  if (!(clipValueMin <= clipValueMax)) {
    throw new ArgumentError(
      `clipByValue: the lower bound ${clipValueMin} must not be above the upper one, ${clipValueMax}`,
    );
  }
  return clipByValueOp([countable(toTensor('clipByValue', x))], { min: clipValueMin, max: clipValueMax });
}

export const reluSamples: Samples<typeof relu> = kinkedSamples;

export const relu6Samples: Samples<typeof relu6> = ({ exactly, uniform, indices }) => [
  [exactly([-2, -0.5, 0.5, 5.5, 6.5, 30])],
  [indices([4], 9)],
  [uniform([0])],
  [uniform([], 1, 2)],
];

export const leakyReluSamples: Samples<typeof leakyRelu> = ({ awayFromZero, uniform }) => [
  [awayFromZero([2, 3])],
  [awayFromZero([2, 3]), 0.01],
  [uniform([0]), 0.5],
  [awayFromZero([])],
];

export const leakyReluSpace: Space<typeof leakyRelu> = ({ awayFromZero, shape, pick }) => [
  awayFromZero(shape()),
  pick(undefined, 0, 0.01, -0.5, 1, 2),
];

export const preluSamples: Samples<typeof prelu> = ({ awayFromZero, uniform }) => [
  [awayFromZero([2, 3]), uniform([2, 3])],
  [awayFromZero([2, 3]), uniform([3])],
  [awayFromZero([]), uniform([2, 1])],
  [awayFromZero([3]), 0.3],
  [awayFromZero([0, 2]), uniform([2])],
];

export const preluSpace: Space<typeof prelu> = ({ awayFromZero, uniform, shape, narrowed }) => {
  const lengths = shape();
  return [awayFromZero(lengths), uniform(narrowed(lengths), -1, 1)];
};

export const stepSamples: Samples<typeof step> = ({ awayFromZero, uniform, indices }) => [
  [awayFromZero([2, 3])],
  [indices([4], 3)],
  [indices([4], 3), 2.5],
  [awayFromZero([4]), -0.5],
  [uniform([0])],
  [awayFromZero([])],
];

export const stepSpace: Space<typeof step> = ({ awayFromZero, shape, pick }) => [
  awayFromZero(shape()),
  pick(undefined, 0, -0.5, 2.5),
];

export const clipByValueSamples: Samples<typeof clipByValue> = ({ exactly, indices, uniform }) => [
  [uniform([2, 3]), -2, 2],
  [exactly([-2, -1.2, 0, 0.3, 0.8, 5]), -1, 0.5],
  [indices([5], 9), 2, 6],
  [uniform([0]), 0, 1],
  [uniform([]), 1.5, 1.5],
];

export const clipByValueSpace: Space<typeof clipByValue> = ({ uniform, shape, pick }) => [
  uniform(shape()),
  pick(-0.5, -2, -Infinity, 0),
  pick(0.5, 2, Infinity, 0),
];

export const reluBadSamples: BadSamples<typeof relu> = refusedByUnary('relu');
export const relu6BadSamples: BadSamples<typeof relu6> = refusedByUnary('relu6');
export const leakyReluBadSamples: BadSamples<typeof leakyRelu> = refusedByUnary('leakyRelu');
export const preluBadSamples: BadSamples<typeof prelu> = refusedByBinary('prelu');
export const stepBadSamples: BadSamples<typeof step> = refusedByUnary('step');

export const clipByValueBadSamples: BadSamples<typeof clipByValue> = ({ uniform, wrong }) => [
  { args: [uniform([2]), 2, 1], error: 'ArgumentError', names: ['clipByValue', '2', '1'] },
  { args: [uniform([2]), NaN, 1], error: 'ArgumentError', names: ['clipByValue', 'NaN'] },
  { args: [wrong(null), 0, 1], error: 'ArgumentError', names: ['clipByValue', 'null'] },
];
