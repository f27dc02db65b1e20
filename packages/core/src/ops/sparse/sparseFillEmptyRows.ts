import { backendOf, type TensorLike, toTensor } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { allocate } from '../../dtype.ts';
import { DTypeError, ShapeError } from '../../errors.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { checkShape, showShape } from '../../shape.ts';
import { Tensor } from '../../tensor.ts';
import { concatOp } from '../concat.ts';
import { gatherOp } from '../gather.ts';
import { reshaped } from '../reshape.ts';
import { readCoordinates, readShape, vectorOf } from './coordinates.ts';

/** What `sparseFillEmptyRows` gives: the tensor without empty rows, which rows those were, and where each value went. */
export interface FilledRows {
  readonly outputIndices: Tensor;
  readonly outputValues: Tensor;
  readonly emptyRowIndicator: Tensor;
  readonly reverseIndexMap: Tensor;
}

/**
 * A sparse tensor in the order of its rows, with `defaultValue` as the first element of each row that had none. The
 * values are differentiable, in `values` and in `defaultValue`. Reads `indices` and `denseShape` at once.
 * @example
 * sparseFillEmptyRows([[0, 1], [2, 0]], [5, 6], [3, 2], -1).outputIndices.print(); // [[0, 1], [1, 0], [2, 0]]
 * sparseFillEmptyRows([[0, 1], [2, 0]], [5, 6], [3, 2], -1).outputValues.print(); // [5, -1, 6]
 */
export function sparseFillEmptyRows(
  indices: TensorLike,
  values: TensorLike,
  denseShape: TensorLike,
  defaultValue: TensorLike,
): FilledRows {
  const op = 'sparseFillEmptyRows';
  const backend = backendOf([values, indices, denseShape, defaultValue]);
  const given = vectorOf(op, 'values', toTensor(op, values, backend));
  const initial = toTensor(op, defaultValue, backend, defaultValue instanceof Tensor ? undefined : given.dtype);
  if (initial.rank !== 0) {
    throw new ShapeError(`${op}: the default must be a scalar, got shape ${showShape(initial.shape)}`);
  }
  if (initial.dtype !== given.dtype) {
    throw new DTypeError(`${op}: the default of dtype ${initial.dtype} does not fit values of ${given.dtype}`);
  }
  const shape = readShape(op, 'denseShape', denseShape, backend);
  checkShape(op, shape);
  const rank = shape.length;
  if (rank === 0) throw new ShapeError(`${op}: denseShape [] has no rows; give at least one axis`);
  const { data, count } = readCoordinates(op, indices, shape, backend);
  if (given.size !== count) {
    throw new ShapeError(`${op}: values of shape ${showShape(given.shape)} do not fit ${count} rows of indices`);
  }

  const members = Array.from({ length: shape[0] }, (): number[] => []);
  for (let i = 0; i < count; i++) members[data[i * rank]].push(i);
  const positions: number[] = [];
  // Where each value of the output stands among the given ones; the default is behind the last of them.
  const sources: number[] = [];
  const moved = new Int32Array(count);
  const empty = allocate('bool', shape[0]);
  for (const [row, found] of members.entries()) {
    for (const i of found) {
      moved[i] = sources.length;
      sources.push(i);
      for (let axis = 0; axis < rank; axis++) positions.push(data[i * rank + axis]);
    }
    if (found.length > 0) continue;
    empty[row] = 1;
    sources.push(count);
    for (let axis = 0; axis < rank; axis++) positions.push(axis === 0 ? row : 0);
  }
  const size = sources.length;
  const pool = concatOp([given, reshaped(initial, [1])], { axis: 0 });
  const taken = hostTensor(op, backend, Int32Array.from(sources), [size], 'int32');
  return {
    outputIndices: hostTensor(op, backend, Int32Array.from(positions), [size, rank], 'int32'),
    outputValues: gatherOp([pool, taken], { axis: 0 }),
    emptyRowIndicator: hostTensor(op, backend, empty, [shape[0]], 'bool'),
    reverseIndexMap: hostTensor(op, backend, moved, [count], 'int32'),
  };
}

export const sparseFillEmptyRowsSamples: Samples<typeof sparseFillEmptyRows> = ({ uniform, indices, bools }) => {
  const rows = [Int32Array.of(3, 1), Int32Array.of(0, 0), Int32Array.of(3, 0)];
  return [
    [rows, uniform([3]), Int32Array.of(5, 2), uniform([])],
    [indices([4, 3], 2), uniform([4]), [4, 2, 2], 0.5],
    [[[1], [0]], uniform([2]), [2], -1],
    [indices([0, 2], 1), uniform([0]), [0, 5], 1],
    [indices([0, 2], 1), uniform([0]), [2, 5], uniform([])],
    [rows, indices([3], 9), [4, 2], 7],
    [rows, bools([3]), [4, 2], true],
  ];
};

export const sparseFillEmptyRowsSpace: Space<typeof sparseFillEmptyRows> = ({
  uniform,
  coordinates,
  length,
  list,
  int,
  pick,
}) => {
  const lengths = list(int(1, 3), () => length(1));
  const count = length();
  return [coordinates([count], lengths), uniform([count]), Int32Array.from(lengths), pick(0, uniform([]))];
};

export const sparseFillEmptyRowsBadSamples: BadSamples<typeof sparseFillEmptyRows> = ({ uniform, indices, wrong }) => {
  const op = 'sparseFillEmptyRows';
  const [at, x] = [indices([1, 2], 2), uniform([1])];
  return [
    { args: [indices([2], 2), x, [2, 2], 0], error: 'ShapeError', names: [op, '[2]', '[2,2]'] },
    { args: [at, x, [2, 2, 2], 0], error: 'ShapeError', names: [op, '[1,2]', '[2,2,2]'] },
    { args: [at, uniform([1, 1]), [2, 2], 0], error: 'ShapeError', names: [op, 'values', '[1,1]'] },
    { args: [at, uniform([3]), [2, 2], 0], error: 'ShapeError', names: [op, 'values', '[3]'] },
    { args: [at, x, [[2, 2]], 0], error: 'ShapeError', names: [op, 'denseShape', '[1,2]'] },
    { args: [at, x, [2, -2], 0], error: 'ShapeError', names: [op, '[2,-2]'] },
    { args: [indices([1, 0], 1), x, Int32Array.of(), 0], error: 'ShapeError', names: [op, 'denseShape', '[]'] },
    { args: [at, x, [2, 2], [0]], error: 'ShapeError', names: [op, 'default', '[1]'] },
    { args: [[[0, 0]], x, [0, 5], 0], error: 'ShapeError', names: [op, 'indices(0, 0)', '0 >= 0'] },
    { args: [[[-1, 0]], x, [5, 5], 0], error: 'ShapeError', names: [op, 'indices(0, 0)', '-1 < 0'] },
    { args: [[[0, 5]], x, [5, 5], 0], error: 'ShapeError', names: [op, 'indices(0, 1)', '5 >= 5'] },
    { args: [uniform([1, 2]), x, [2, 2], 0], error: 'DTypeError', names: [op, 'int32'] },
    { args: [at, x, [2, 2], indices([], 2)], error: 'DTypeError', names: [op, 'default', 'int32'] },
    { args: [at, wrong(null), [2, 2], 0], error: 'ArgumentError', names: [op, 'null'] },
  ];
};
