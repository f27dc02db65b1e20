import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { like, linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import { indexOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { dropAxes, normalizeAxis, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { permuted } from './transpose.ts';

/** Attributes of `gather`: the axis that the indices count along. */
export interface Gather {
  readonly axis: number;
}

/** Attributes of `scatterAdd`: the axis that the indices count along, and its length in the output. */
export interface ScatterAdd {
  readonly axis: number;
  readonly size: number;
}

export const gatherOp: OpFunction<readonly [x: Tensor, indices: Tensor], Gather, Tensor> = linear('gather', {
  auxiliary: [1],
  infer([x, indices], { axis }) {
    checkIndices('gather', indices.dtype);
    return like(x, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  },
  transpose: (g, [x, indices], { axis }) => [scatterAddOp([g, indices], { axis, size: x.shape[axis] }), null],
});

export const scatterAddOp: OpFunction<readonly [updates: Tensor, indices: Tensor], ScatterAdd, Tensor> = linear(
  'scatterAdd',
  {
    auxiliary: [1],
    infer([updates, indices], { axis, size }) {
      checkIndices('scatterAdd', indices.dtype);
      const { shape } = updates;
      const end = axis + indices.shape.length;
      if (!sameShape(shape.slice(axis, end), indices.shape)) {
        throw new ShapeError(
          `scatterAdd: updates of shape ${showShape(shape)} must have those of the indices, ${showShape(indices.shape)}, from axis ${axis}`,
        );
      }
      return like(updates, [...shape.slice(0, axis), size, ...shape.slice(end)]);
    },
    transpose: (g, [, indices], { axis }) => [gatherOp([g, indices], { axis }), null],
  },
);

function checkIndices(op: string, dtype: string): void {
  if (dtype !== 'int32') throw new DTypeError(`${op}: indices must be int32, got ${dtype}`);
}

/** int32 0, step, 2 step, ... beside `like`. */
export function steps(like: Tensor, count: number, step: number, shape: Shape = [count]): Tensor {
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = i * step;
  return hostTensor('gather', like.backend, values, shape, 'int32');
}

/**
 * Where the elements that `indices` name along `axis` of a tensor of `shape` stand in that tensor, flattened. `indices`
 * has that shape but for the length of `axis`.
 */
export function flatIndices(indices: Tensor, shape: Shape, axis: number): Tensor {
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  let flat = reshaped(indices, [outer, indices.shape[axis], inner]);
  if (inner !== 1) {
    const row = hostTensor('gather', indices.backend, Int32Array.of(inner), [], 'int32');
    flat = add(mul(flat, row), steps(flat, inner, 1));
  }
  if (outer !== 1) flat = add(flat, steps(flat, outer, shape[axis] * inner, [outer, 1, 1]));
  return reshaped(flat, indices.shape);
}

/**
 * Throws where an index lies outside its axis, since flattened it would name an element of another row. What can only be
 * read asynchronously is taken on trust.
 */
function checkInside(op: string, indices: Tensor, length: number): void {
  if (indices.backend.readSync === undefined) return;
  indices.borrow((view) => {
    for (let i = 0; i < view.length; i++) {
      if (view[i] >= 0 && view[i] < length) continue;
      throw new ShapeError(
        `${op}: index ${view[i]} is outside an axis of length ${length}; it must be in [0, ${length})`,
      );
    }
  });
}

/** The elements of `x` that `indices` name along `axis`. For rules, which know that the shapes fit. */
export function takenAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  return gatherOp([reshaped(x, [x.size]), flatIndices(indices, x.shape, axis)], { axis: 0 });
}

/**
 * The slices of `x` that `indices`, of any shape, name along `axis`. The first `batchDims` axes of both are a batch.
 * @example
 * gather([10, 20, 30], [2, 0]).print(); // [30, 10]
 */
export function gather(x: TensorLike, indices: TensorLike, axis = 0, batchDims = 0): SameRank {
  const backend = backendOf([x, indices]);
  const values = toTensor('gather', x, backend);
  const at = indexOperand('gather', indices, backend);
  const along = normalizeAxis('gather', axis, values.shape);
  if (batchDims === 0) return gatherOp([values, at], { axis: along });
  const batch = batchDims < 0 ? batchDims + at.rank : batchDims;
  const fits = Number.isInteger(batch) && batch >= 0 && batch <= along && batch <= at.rank;
  if (!fits || !sameShape(at.shape.slice(0, batch), values.shape.slice(0, batch))) {
    throw new ShapeError(
      `gather: shape ${showShape(values.shape)} and indices of shape ${showShape(at.shape)} have no ${batchDims} batch axes before axis ${axis} in common`,
    );
  }
  checkInside('gather', at, values.shape[along]);
  return gatheredInBatches(values, at, along, batch);
}

/** Lays the rows of all batches one after the other, numbers them through, and gathers. */
function gatheredInBatches(x: Tensor, indices: Tensor, axis: number, batch: number): Tensor {
  const axes = x.shape.map((_, i) => i);
  const lead = x.shape.slice(0, batch);
  const before = axes.slice(batch, axis);
  const rows = permuted(x, [...axes.slice(0, batch), axis, ...before, ...axes.slice(axis + 1)]);
  const rest = rows.shape.slice(batch + 1);
  const picked = indices.shape.slice(batch);
  const [batches, length] = [sizeOf(lead), x.shape[axis]];
  const flat = flatIndices(reshaped(indices, [batches, sizeOf(picked)]), [batches, length], 1);
  const taken = gatherOp([reshaped(rows, [batches * length, ...rest]), flat], { axis: 0 });
  const out = reshaped(taken, [...lead, ...picked, ...rest]);
  const order = out.shape.map((_, i) => i);
  const middle = order.splice(batch, picked.length);
  order.splice(axis, 0, ...middle);
  return permuted(out, order);
}

export const gatherSamples: Samples<typeof gather> = ({ uniform, indices, bools }) => [
  [uniform([5]), indices([3], 5)],
  [uniform([5]), indices([], 5)],
  [uniform([4, 3]), indices([2, 2], 4)],
  [uniform([2, 4, 3]), indices([5], 4), 1],
  [uniform([2, 4]), indices([3], 4), -1],
  [uniform([2, 4]), [0, 1, 1]],
  [uniform([3, 2]), indices([0], 3)],
  [uniform([2, 4, 3]), indices([2, 5], 4), 1, 1],
  [uniform([2, 3, 4]), indices([2, 5], 4), 2, 1],
  [uniform([2, 3, 2, 4]), indices([2, 3, 2], 4), -1, -1],
  [bools([4]), indices([2], 4)],
];

export const gatherSpace: Space<typeof gather> = ({ tensor, indices, shape, length, list, int, axis, pick }) => {
  const lengths = list(int(1, 4), () => length(1));
  const along = axis(lengths.length);
  const batch = pick(0, int(0, along < 0 ? along + lengths.length : along));
  const at = indices([...lengths.slice(0, batch), ...shape(0, 2)], lengths.at(along) ?? 1);
  return [tensor(lengths), at, along, pick(batch, batch < at.rank ? batch - at.rank : batch)];
};

export const gatherBadSamples: BadSamples<typeof gather> = ({ uniform, indices, wrong }) => [
  { args: [uniform([4]), uniform([2])], error: 'DTypeError', names: ['gather', 'int32'] },
  { args: [uniform([4]), indices([2], 4), 1], error: 'ShapeError', names: ['gather', '1', '[4]'] },
  { args: [uniform([2, 4]), indices([3, 2], 4), 1, 1], error: 'ShapeError', names: ['gather', '[2,4]', '[3,2]'] },
  { args: [wrong(null), indices([2], 4)], error: 'ArgumentError', names: ['gather', 'null'] },
  { args: [uniform([4]), wrong(null)], error: 'ArgumentError', names: ['gather', 'null'] },
];

/**
 * One element of `x` for each of `indices`, at the same place but for its position along `axis`, which is the index:
 * what `argMax` and `topk` give picks their values. The shapes may differ along `axis` only.
 * @example
 * takeAlongAxis([[1, 2], [3, 4]], [[1], [0]], 1).print(); // [[2], [3]]
 */
export function takeAlongAxis(x: TensorLike, indices: TensorLike, axis: number): SameRank {
  const backend = backendOf([x, indices]);
  const values = toTensor('takeAlongAxis', x, backend);
  const at = indexOperand('takeAlongAxis', indices, backend);
  const along = normalizeAxis('takeAlongAxis', axis, values.shape);
  if (at.rank !== values.rank || !sameShape(dropAxes(at.shape, [along]), dropAxes(values.shape, [along]))) {
    throw new ShapeError(
      `takeAlongAxis: shape ${showShape(values.shape)} and indices of shape ${showShape(at.shape)} may differ along axis ${along} only`,
    );
  }
  checkInside('takeAlongAxis', at, values.shape[along]);
  return takenAlong(values, at, along);
}

export const takeAlongAxisSamples: Samples<typeof takeAlongAxis> = ({ uniform, indices }) => [
  [uniform([4]), indices([3], 4), 0],
  [uniform([2, 4]), indices([2, 3], 4), 1],
  [uniform([2, 4]), indices([2, 1], 4), -1],
  [uniform([3, 2, 2]), indices([5, 2, 2], 3), 0],
  [uniform([2, 3, 2]), indices([2, 1, 2], 3), 1],
  [uniform([2, 0]), indices([2, 0], 1), 1],
];

export const takeAlongAxisSpace: Space<typeof takeAlongAxis> = ({ tensor, indices, length, list, int, pick }) => {
  const lengths = list(int(1, 4), () => length(1));
  const along = int(0, lengths.length - 1);
  const named = lengths.map((n, i) => (i === along ? length() : n));
  return [tensor(lengths), indices(named, lengths[along]), along - pick(0, lengths.length)];
};

export const takeAlongAxisBadSamples: BadSamples<typeof takeAlongAxis> = ({ uniform, indices, wrong }) => [
  { args: [uniform([2, 4]), indices([3, 1], 4), 1], error: 'ShapeError', names: ['takeAlongAxis', '[2,4]', '[3,1]'] },
  { args: [uniform([2, 4]), indices([2], 4), 1], error: 'ShapeError', names: ['takeAlongAxis', '[2,4]', '[2]'] },
  { args: [uniform([2]), uniform([2]), 0], error: 'DTypeError', names: ['takeAlongAxis', 'int32'] },
  { args: [wrong(null), indices([2], 4), 0], error: 'ArgumentError', names: ['takeAlongAxis', 'null'] },
];
