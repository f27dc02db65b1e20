import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { reductionSamples, refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { dropAxes, keepAxes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { stopGradientOp } from './alias.ts';
import { sub } from './arithmetic.ts';
import { equal, isFinite } from './comparison.ts';
import { exp, log } from './exponential.ts';
import { maxOp } from './extrema.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { type Reduce, reduce, sumOp } from './sum.ts';
import { select } from './where.ts';

export const logSumExpOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = composite('logSumExp', {
  infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
  saves: [0, 'y'],
  compose([x], { axes }) {
    // What is subtracted inside and added outside has no influence on the derivative.
    const shift = stopGradientOp([finite(maxOp([x], { axes }))], NO_ATTRS);
    return add(logWithout0(sumOp([shiftedExp(x, shift, axes)], { axes })), shift);
  },
  vjp: (g, [x], y, { axes }) => mul(shiftedExp(x, aboveLowest(y), axes), reshaped(g, keepAxes(x.shape, axes))),
});

/** 0 for infinities, from which no infinity can be subtracted. */
function finite(x: Tensor): Tensor {
  return select(x, isFinite(x), x, 0);
}

/** 0 for -Infinity, which only elements without weight sum up to. */
function aboveLowest(y: Tensor): Tensor {
  return select(y, equal(y, -Infinity), 0, y);
}

/** The logarithm with derivative 0 at 0: what has no weight has no influence, in either mode. */
function logWithout0(x: Tensor): Tensor {
  const none = equal(x, 0);
  return select(x, none, -Infinity, log(select(x, none, 1, x)));
}

function shiftedExp(x: Tensor, shift: Tensor, axes: readonly number[]): Tensor {
  return exp(sub(x, reshaped(shift, keepAxes(x.shape, axes))));
}

/**
 * log(sum(exp(x))) over `axis` (default: all axes), without overflow.
 * @example
 * logSumExp([1000, 1000]).print(); // 1000.693
 */
export function logSumExp(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('logSumExp', floatOperand('logSumExp', x), axis, keepDims, (y, axes) => logSumExpOp([y], { axes }));
}

export const logSumExpSamples: Samples<typeof logSumExp> = reductionSamples;

export const logSumExpBadSamples: BadSamples<typeof logSumExp> = refusedByAxis('logSumExp');
