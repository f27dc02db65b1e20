import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { reductionSamples, refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { dropAxes, keepAxes, normalizeAxes } from '../shape.ts';
import { reductionSpace } from '../spacePatterns.ts';
import type { Tensor } from '../tensor.ts';
import { divOp, square, sub } from './arithmetic.ts';
import { equal, logicalOr } from './comparison.ts';
import { sqrt } from './exponential.ts';
import { maxOp, minOp } from './extrema.ts';
import { countOf, meanOp } from './mean.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { broadcasted, type Reduce, reduce } from './sum.ts';
import { select } from './where.ts';

/** The mean, and the population variance. */
export const momentsOp: OpFunction<readonly [x: Tensor], Reduce, readonly Tensor[]> = composite('moments', {
  outputs: 2,
  infer([x], { axes }) {
    const moment = { shape: dropAxes(x.shape, axes), dtype: x.dtype };
    return [moment, moment];
  },
  saves: [0, 'y'],
  compose([x], { axes }) {
    const average = meanOp([x], { axes });
    return [average, meanOp([square(distance(x, average, axes))], { axes })];
  },
  vjp([gMean, gVariance], [x], [average], { axes }) {
    const count = countOf(x.shape, axes);
    const kept = keepAxes(x.shape, axes);
    const level = gMean && reshaped(divOp(gMean, count), kept);
    if (!gVariance) return level && broadcasted(level, x.shape);
    const slope = mul(distance(x, average, axes), reshaped(mul(gVariance, 2 / count), kept));
    return level === null ? slope : add(slope, level);
  },
});

/** `x` less its mean over `axes`. */
function distance(x: Tensor, average: Tensor, axes: readonly number[]): Tensor {
  return sub(x, reshaped(average, keepAxes(x.shape, axes)));
}

/**
 * Population variance, the mean of the squared distances from the mean, over `axis` (default: all axes).
 * @example
 * variance([1, 2, 3, 4]).print(); // 1.25
 */
export function variance(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('variance', floatOperand('variance', x), axis, keepDims, (y, axes) => momentsOp([y], { axes })[1]);
}

/**
 * Population standard deviation over `axis` (default: all axes). Where all elements are equal its derivative is 0.
 * @example
 * std([1, 1, 5, 5]).print(); // 2
 */
export function std(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('std', floatOperand('std', x), axis, keepDims, (y, axes) => {
    const squared = momentsOp([y], { axes })[1];
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
  const axes = normalizeAxes('moments', axis, tensor.shape);
  const found = momentsOp([tensor], { axes });
  const [average, spread] = keepDims ? found.map((y) => reshaped(y, keepAxes(tensor.shape, axes))) : found;
  return { mean: average, variance: spread };
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
