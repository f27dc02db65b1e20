import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { ShapeError } from '../errors.ts';
import { indexOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { type Shape, showShape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { all } from './allAny.ts';
import { greaterEqual, less, logicalAnd } from './comparison.ts';
import { gatherOp } from './gather.ts';
import { mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { sumOp } from './sum.ts';
import { select } from './where.ts';

/** How many leading axes of a tensor of `shape` each row of `indices` names a position of. */
export function namedAxes(op: string, shape: Shape, indices: Tensor): number {
  const count = indices.shape[indices.rank - 1];
  if (indices.rank === 0 || count > shape.length) {
    throw new ShapeError(
      `${op}: rows of indices of shape ${showShape(indices.shape)} must name positions in shape ${showShape(shape)}`,
    );
  }
  return count;
}

/** The rows of `indices` as single numbers that count the positions of `axes` row by row: -1 for what names none. */
export function numbered(indices: Tensor, axes: Shape): Tensor {
  const vector = (values: readonly number[]): Tensor =>
    hostTensor('indices', indices.backend, Int32Array.from(values), [axes.length], 'int32');
  const last = indices.rank - 1;
  const numbers = sumOp([mul(indices, vector(stridesOf(axes)))], { axes: [last] });
  // One index alone lies outside with its number; of several, one may make up for the other.
  if (axes.length < 2) return numbers;
  const inside = logicalAnd(greaterEqual(indices, 0), less(indices, vector(axes)));
  return select(numbers, all(inside, last), numbers, -1);
}

/** Runs `compute` with the numbers of the rows of `indices`. Where these are refused, names the op and the row at fault. */
export function counted<R>(op: string, indices: Tensor, axes: Shape, compute: (numbers: Tensor) => R): R {
  const numbers = numbered(indices, axes);
  try {
    return compute(numbers);
  } catch (error) {
    throw (error instanceof ShapeError && misplaced(op, indices, axes)) || error;
  }
}

function misplaced(op: string, indices: Tensor, axes: Shape): ShapeError | undefined {
  if (indices.backend.readSync === undefined) return undefined;
  const [values, count] = [[...indices.dataSync()], axes.length];
  const at = values.findIndex((index, i) => index < 0 || index >= axes[i % count]);
  if (at < 0) return undefined;
  const row = values.slice(at - (at % count), at - (at % count) + count);
  return new ShapeError(
    `${op}: indices ${showShape(row)} name no position: ${values[at]} must be in [0, ${axes[at % count]})`,
  );
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
  const rows = reshaped(values, [sizeOf(axes), ...rest]);
  return counted('gatherND', at, axes, (numbers) => gatherOp([rows, numbers], { axis: 0 }));
}

export const gatherNDSamples: Samples<typeof gatherND> = ({ uniform, indices }) => [
  [uniform([3, 4]), indices([5, 2], 3)],
  [uniform([3, 4]), indices([2, 1], 3)],
  [uniform([2, 3, 2]), indices([2, 2, 2], 2)],
  [uniform([2, 3]), indices([2], 2)],
  [uniform([3]), indices([2, 0], 1)],
  [uniform([3, 2]), indices([0, 2], 2)],
];

export const gatherNDSpace: Space<typeof gatherND> = ({ tensor, coordinates, shape, length, list, int }) => {
  const lengths = list(int(0, 4), () => length(1));
  return [tensor(lengths), coordinates(shape(0, 2), lengths.slice(0, int(0, lengths.length)))];
};

export const gatherNDBadSamples: BadSamples<typeof gatherND> = ({ uniform, indices, wrong }) => [
  { args: [uniform([3]), indices([4, 2], 3)], error: 'ShapeError', names: ['gatherND', '[4,2]', '[3]'] },
  { args: [uniform([3]), indices([], 3)], error: 'ShapeError', names: ['gatherND', '[]', '[3]'] },
  { args: [uniform([3]), uniform([2, 1])], error: 'DTypeError', names: ['gatherND', 'int32'] },
  { args: [wrong(null), indices([2, 1], 3)], error: 'ArgumentError', names: ['gatherND', 'null'] },
];
