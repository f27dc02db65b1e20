import type { TensorLike } from '../convert.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import { reductionSamples, refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { dropAxes, keepAxes, type Shape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { divOp } from './arithmetic.ts';
import { reshaped } from './reshape.ts';
import { broadcasted, type Reduce, reduce, sumOp } from './sum.ts';

export const meanOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = composite('mean', {
  infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
  saves: [],
  compose: ([x], { axes }) => divOp(sumOp([x], { axes }), countOf(x.shape, axes)),
  vjp: (g, [x], _y, { axes }) =>
    broadcasted(reshaped(divOp(g, countOf(x.shape, axes)), keepAxes(x.shape, axes)), x.shape),
});

/** How many elements a reduction over `axes` meets for each result. */
export function countOf(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]));
}

/**
 * Arithmetic mean over `axis` (default: all axes), in floats; NaN over nothing.
 * @example
 * mean([[1, 2], [3, 4]], 0).print(); // [2, 3]
 */
export function mean(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('mean', floatOperand('mean', x), axis, keepDims, (y, axes) => meanOp([y], { axes }));
}

export const meanSamples: Samples<typeof mean> = reductionSamples;

export const meanBadSamples: BadSamples<typeof mean> = refusedByAxis('mean');
