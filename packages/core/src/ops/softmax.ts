import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { keepAxes, normalizeAxis } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { stopGradientOp } from './alias.ts';
import { divOp, sub } from './arithmetic.ts';
import { exp, log } from './exponential.ts';
import { maxOp } from './extrema.ts';
import { mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { sumOp } from './sum.ts';

/** Attributes of `softmax` and `logSoftmax`. */
export interface Softmax {
  readonly axis: number;
}

export const softmaxOp: OpFunction<readonly [x: Tensor], Softmax, Tensor> = composite('softmax', {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  saves: ['y'],
  compose([x], { axis }) {
    const powers = exp(shifted(x, axis));
    return divOp(powers, summed(powers, axis));
  },
  vjp: (g, _x, y, { axis }) => mul(y, sub(g, summed(mul(g, y), axis))),
});

export const logSoftmaxOp: OpFunction<readonly [x: Tensor], Softmax, Tensor> = composite('logSoftmax', {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  saves: ['y'],
  compose([x], { axis }) {
    const low = shifted(x, axis);
    return sub(low, log(summed(exp(low), axis)));
  },
  vjp: (g, _x, y, { axis }) => sub(g, mul(exp(y), summed(g, axis))),
});

/** `x` less its maximum, against overflow; the result of what follows does not depend on it. */
function shifted(x: Tensor, axis: number): Tensor {
  const top = stopGradientOp([maxOp([x], { axes: [axis] })], NO_ATTRS);
  return sub(x, reshaped(top, keepAxes(x.shape, [axis])));
}

function summed(x: Tensor, axis: number): Tensor {
  return reshaped(sumOp([x], { axes: [axis] }), keepAxes(x.shape, [axis]));
}

/**
 * exp(x) divided by its sum along `dim` (default: the last axis).
 * @example
 * softmax([0, Math.log(3)]).print(); // [0.25, 0.75]
 */
export function softmax(logits: TensorLike, dim = -1): SameRank {
  const x = floatOperand('softmax', logits);
  return softmaxOp([x], { axis: normalizeAxis('softmax', dim, x.shape) });
}

/**
 * The logarithm of `softmax` along `axis` (default: the last one), accurate where that is close to 0.
 * @example
 * logSoftmax([0, 1000]).print(); // [-1000, 0]
 */
export function logSoftmax(logits: TensorLike, axis = -1): SameRank {
  const x = floatOperand('logSoftmax', logits);
  return logSoftmaxOp([x], { axis: normalizeAxis('logSoftmax', axis, x.shape) });
}

const samples: Samples<typeof softmax> = ({ uniform, exactly, indices }) => [
  [uniform([4])],
  [uniform([2, 3, 4], -3, 3), 1],
  [uniform([2, 3], -3, 3), 0],
  [
    exactly([
      [100, -100, 99],
      [-100, -100, -100],
    ]),
  ],
  [indices([2, 3], 4)],
  [uniform([2, 0])],
  [uniform([0, 2])],
];

export const softmaxSamples: Samples<typeof softmax> = samples;

const alongAxis: Space<typeof softmax> = ({ uniform, shape, axis, pick }) => {
  const lengths = shape(1, 3);
  return [pick(uniform(lengths), uniform(lengths, -20, 20)), axis(lengths.length)];
};

export const softmaxSpace: Space<typeof softmax> = alongAxis;
export const logSoftmaxSamples: Samples<typeof logSoftmax> = samples;

export const logSoftmaxSpace: Space<typeof logSoftmax> = alongAxis;

export const softmaxBadSamples: BadSamples<typeof softmax> = refusedByAxis('softmax');
export const logSoftmaxBadSamples: BadSamples<typeof logSoftmax> = refusedByAxis('logSoftmax');
