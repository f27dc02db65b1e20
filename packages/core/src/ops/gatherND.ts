import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { ShapeError } from '../errors.ts';
import { indexOperand } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { checkShape, type Shape, sameShape, showShape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { gatherOp, scatterAddOp } from './gather.ts';
import { mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { countable, sumOp } from './sum.ts';

/** How many leading axes of a tensor of `shape` each row of `indices` names a position of. */
function namedAxes(op: string, shape: Shape, indices: Tensor): number {
  const count = indices.shape[indices.rank - 1];
  if (indices.rank === 0 || count > shape.length) {
    throw new ShapeError(
      `${op}: rows of indices of shape ${showShape(indices.shape)} must name positions in shape ${showShape(shape)}`,
    );
  }
  return count;
}

/** The rows of `indices` as single numbers that count the positions of `axes` row by row. */
function numbered(indices: Tensor, axes: Shape): Tensor {
  const steps = hostTensor('indices', indices.backend, Int32Array.from(stridesOf(axes)), [axes.length], 'int32');
  return sumOp([mul(indices, steps)], { axes: [indices.rank - 1] });
}

/**
 * The slices of `x` at positions: the last axis of `indices` holds one index for each of the first axes of `x`.
 * @example
 * gatherND([[1, 2], [3, 4]], [[0, 0], [1, 1]]).print(); // [1, 4]
 */
export function gatherND(x: TensorLike, indices: TensorLike): Tensor {
  const backend = backendOf([x, indices]);
  const values = toTensor('gatherND', x, backend);
  const at = indexOperand('gatherND', indices, backend);
  const count = namedAxes('gatherND', values.shape, at);
  const [axes, rest] = [values.shape.slice(0, count), values.shape.slice(count)];
  return gatherOp([reshaped(values, [sizeOf(axes), ...rest]), numbered(at, axes)], { axis: 0 });
}

export const gatherNDSamples: Samples<typeof gatherND> = ({ uniform, indices }) => [
  [uniform([3, 4]), indices([5, 2], 3)],
  [uniform([3, 4]), indices([2, 1], 3)],
  [uniform([2, 3, 2]), indices([2, 2, 2], 2)],
  [uniform([2, 3]), indices([2], 2)],
  [uniform([3]), indices([2, 0], 1)],
  [uniform([3, 2]), indices([0, 2], 2)],
];

export const gatherNDBadSamples: BadSamples<typeof gatherND> = ({ uniform, indices, wrong }) => [
  { args: [uniform([3]), indices([4, 2], 3)], error: 'ShapeError', names: ['gatherND', '[4,2]', '[3]'] },
  { args: [uniform([3]), indices([], 3)], error: 'ShapeError', names: ['gatherND', '[]', '[3]'] },
  { args: [uniform([3]), uniform([2, 1])], error: 'DTypeError', names: ['gatherND', 'int32'] },
  { args: [wrong(null), indices([2, 1], 3)], error: 'ArgumentError', names: ['gatherND', 'null'] },
];

/**
 * A tensor of `shape` that is 0 but for the slices `updates` at positions: the last axis of `indices` holds one index
 * for each of the first axes of `shape`. Where a position occurs more than once, its slices add up.
 * @example
 * scatterND([[1], [3]], [5, 6], [4]).print(); // [0, 5, 0, 6]
 */
export function scatterND(indices: TensorLike, updates: TensorLike, shape: Shape): Tensor {
  const backend = backendOf([updates, indices]);
  const values = countable(toTensor('scatterND', updates, backend));
  const at = indexOperand('scatterND', indices, backend);
  checkShape('scatterND', shape);
  const count = namedAxes('scatterND', shape, at);
  const [axes, rest] = [shape.slice(0, count), shape.slice(count)];
  if (!sameShape(values.shape, [...at.shape.slice(0, -1), ...rest])) {
    throw new ShapeError(
      `scatterND: updates of shape ${showShape(values.shape)} do not fit indices of shape ${showShape(at.shape)} into shape ${showShape(shape)}`,
    );
  }
  const out = scatterAddOp([values, numbered(at, axes)], { axis: 0, size: sizeOf(axes) });
  return reshaped(out, [...shape]);
}

export const scatterNDSamples: Samples<typeof scatterND> = ({ uniform, indices }) => [
  [indices([4, 1], 3), uniform([4]), [3]],
  [indices([5, 2], 2), uniform([5]), [2, 3]],
  [indices([3, 1], 2), uniform([3, 4]), [2, 4]],
  [indices([2, 2, 2], 2), uniform([2, 2, 3]), [2, 2, 3]],
  [indices([0, 1], 2), uniform([0, 2]), [2, 2]],
];

export const scatterNDBadSamples: BadSamples<typeof scatterND> = ({ uniform, indices, wrong }) => [
  { args: [indices([4, 1], 3), uniform([3]), [3]], error: 'ShapeError', names: ['scatterND', '[3]', '[4,1]'] },
  { args: [indices([4, 2], 3), uniform([4]), [3]], error: 'ShapeError', names: ['scatterND', '[4,2]', '[3]'] },
  { args: [indices([4, 1], 3), uniform([4]), [-1]], error: 'ShapeError', names: ['scatterND', '[-1]'] },
  { args: [uniform([4, 1]), uniform([4]), [3]], error: 'DTypeError', names: ['scatterND', 'int32'] },
  { args: [indices([4, 1], 3), wrong(null), [3]], error: 'ArgumentError', names: ['scatterND', 'null'] },
];
