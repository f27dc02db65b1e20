import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { reductionSamples, refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { dropAxes, keepAxes } from '../shape.ts';
import { reductionSpace } from '../spacePatterns.ts';
import type { Tensor } from '../tensor.ts';
import { square, sub } from './arithmetic.ts';
import { equal, logicalOr } from './comparison.ts';
import { sqrt } from './exponential.ts';
import { maxOp, minOp } from './extrema.ts';
import { countOf, mean, meanOp } from './mean.ts';
import { mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { type Reduce, reduce } from './sum.ts';
import { select } from './where.ts';

export const varianceOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = composite('variance', {
  infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
  saves: [0],
  compose: ([x], { axes }) => meanOp([square(centred(x, axes))], { axes }),
  vjp: (g, [x], _y, { axes }) =>
    mul(centred(x, axes), reshaped(mul(g, 2 / countOf(x.shape, axes)), keepAxes(x.shape, axes))),
});

/** `x` less its mean over `axes`. */
export function centred(x: Tensor, axes: readonly number[]): Tensor {
  return sub(x, reshaped(meanOp([x], { axes }), keepAxes(x.shape, axes)));
}

/**
 * Population variance, the mean of the squared distances from the mean, over `axis` (default: all axes).
 * @example
 * variance([1, 2, 3, 4]).print(); // 1.25
 */
export function variance(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('variance', floatOperand('variance', x), axis, keepDims, (y, axes) => varianceOp([y], { axes }));
}

/**
 * Population standard deviation over `axis` (default: all axes). Where all elements are equal its derivative is 0.
 * @example
 * std([1, 1, 5, 5]).print(); // 2
 */
export function std(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('std', floatOperand('std', x), axis, keepDims, (y, axes) => {
    const squared = varianceOp([y], { axes });
    // Rounding of the mean may give a constant some variance; the infinities of a constant differ by NaN.
    const range = sub(maxOp([y], { axes }), minOp([y], { axes }));
    const constant = logicalOr(equal(range, 0), equal(squared, 0));
    return select(squared, constant, 0, sqrt(select(squared, constant, 1, squared)));
  });
}

/**
 * Mean and population variance over `axis` (default: all axes).
 * @example
 * moments([1, 2, 3, 4]).variance.print(); // 1.25
 */
export function moments(
  x: TensorLike,
  axis?: number | readonly number[] | null,
  keepDims = false,
): { mean: Tensor; variance: Tensor } {
  const tensor = floatOperand('moments', x);
  const spread = reduce('moments', tensor, axis, keepDims, (y, axes) => varianceOp([y], { axes }));
  return { mean: mean(tensor, axis, keepDims), variance: spread };
}

export const varianceSamples: Samples<typeof variance> = reductionSamples;
export const momentsSamples: Samples<typeof moments> = reductionSamples;

export const momentsSpace: Space<typeof moments> = reductionSpace;

export const stdSamples: Samples<typeof std> = ({ distinct, exactly }) => [
  [distinct([2, 3, 4]), 1],
  [distinct([2, 3, 4]), [0, -1], true],
  [distinct([2, 3])],
  [
    exactly([
      [1, 5],
      [2, -2],
    ]),
    0,
  ],
  [distinct([0, 2]), 1],
];

export const varianceBadSamples: BadSamples<typeof variance> = refusedByAxis('variance');
export const stdBadSamples: BadSamples<typeof std> = refusedByAxis('std');
export const momentsBadSamples: BadSamples<typeof moments> = refusedByAxis('moments');
