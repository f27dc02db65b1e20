import type { Backend } from '../backend.ts';
import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { filled } from '../create/fill.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { castTo, indexOperand } from '../promote.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { checkShape, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import { Tensor } from '../tensor.ts';
import { greater, notEqual } from './comparison.ts';
import { concatOp } from './concat.ts';
import { scatterAddOp, takenAlong } from './gather.ts';
import { counted, namedAxes } from './gatherND.ts';
import { reshaped } from './reshape.ts';
import { slicedAlong } from './slice.ts';
import { sortOp } from './sort.ts';
import { broadcasted, countable } from './sum.ts';
import { select } from './where.ts';

/** Slices to be written into a tensor of `shape`: one row of `updates` for each of the numbered positions. */
interface Scatter {
  readonly shape: Shape;
  /** The axes that positions name, and those of a slice. */
  readonly axes: Shape;
  readonly rest: Shape;
  readonly updates: Tensor;
  readonly positions: Tensor;
}

/** As tfjs, takes a vector of indices for a column of them. */
function indexRows(op: string, indices: TensorLike, backend: Backend): Tensor {
  const at = indexOperand(op, indices, backend);
  return at.rank === 1 ? reshaped(at, [at.size, 1]) : at;
}

function planned<R>(op: string, at: Tensor, updates: Tensor, shape: Shape, write: (scatter: Scatter) => R): R {
  checkShape(op, shape);
  const count = namedAxes(op, shape, at);
  const [axes, rest] = [shape.slice(0, count), shape.slice(count)];
  const lead = at.shape.slice(0, -1);
  if (!sameShape(updates.shape, [...lead, ...rest])) {
    throw new ShapeError(
      `${op}: updates of shape ${showShape(updates.shape)} do not fit indices of shape ${showShape(at.shape)} into shape ${showShape(shape)}`,
    );
  }
  const rows = sizeOf(lead);
  return counted(op, at, axes, (numbers) =>
    write({ shape, axes, rest, updates: reshaped(updates, [rows, ...rest]), positions: reshaped(numbers, [rows]) }),
  );
}

function added({ axes, shape, positions }: Scatter, updates: Tensor): Tensor {
  return reshaped(scatterAddOp([updates, positions], { axis: 0, size: sizeOf(axes) }), [...shape]);
}

/** Which rows are the last of their position: where the positions are in order, equals as they stood, their run ends. */
function lastOfEach(positions: Tensor): Tensor {
  const length = positions.size;
  if (length < 2) return filled(positions.backend, { shape: [length], dtype: 'bool' }, 1);
  const [sorted, order] = sortOp([positions], { descending: false });
  const changes = notEqual(slicedAlong(sorted, 0, 0, length - 1), slicedAlong(sorted, 0, 1, length - 1));
  const ends = concatOp([changes, filled(positions.backend, { shape: [1], dtype: 'bool' }, 1)], { axis: 0 });
  const back = sortOp([order], { descending: false })[1];
  return takenAlong(ends, back, 0);
}

/** `base` with the rows of updates in the places of what stood there; the last of equals counts. */
function replaced(base: Tensor, scatter: Scatter): Tensor {
  const { axes, rest, shape, updates, positions } = scatter;
  const last = lastOfEach(positions);
  const chosen = select(updates, reshaped(last, [last.size, ...rest.map(() => 1)]), updates, 0);
  const hits = scatterAddOp([castTo(last, 'int32'), positions], { axis: 0, size: sizeOf(axes) });
  const hit = reshaped(greater(hits, 0), [...axes, ...rest.map(() => 1)]);
  return select(base, broadcasted(hit, shape), added(scatter, chosen), base);
}

/**
 * A tensor of `shape` that is 0 but for the slices `updates` at positions: the last axis of `indices` holds one index
 * for each of the first axes of `shape`. Where a position occurs more than once, its slices add up.
 * @example
 * scatterND([[1], [3]], [5, 6], [4]).print(); // [0, 5, 0, 6]
 */
export function scatterND<R extends Rank = Rank>(
  indices: TensorLike,
  updates: TensorLike,
  shape: ShapeOf<R>,
): Tensor<R> {
  const backend = backendOf([updates, indices]);
  const values = countable(toTensor('scatterND', updates, backend));
  const at = indexRows('scatterND', indices, backend);
  return planned('scatterND', at, values, shape, (scatter) => added(scatter, scatter.updates)) as Tensor<R>;
}

/**
 * `tensor` with the slices `updates` in the places that `indices` name, as by `scatterND`. Where a position occurs more
 * than once, the last counts.
 * @example
 * tensorScatterUpdate([1, 2, 3], [[2], [0]], [7, 8]).print(); // [8, 2, 7]
 */
export function tensorScatterUpdate(tensor: TensorLike, indices: TensorLike, updates: TensorLike): SameRank {
  return updated('tensorScatterUpdate', tensor, indices, updates);
}

function updated(op: string, tensor: TensorLike, indices: TensorLike, updates: TensorLike): Tensor {
  const backend = backendOf([tensor, updates, indices]);
  const base = toTensor(op, tensor, backend);
  const values = toTensor(op, updates, backend, updates instanceof Tensor ? undefined : base.dtype);
  if (values.dtype !== base.dtype) {
    throw new DTypeError(`${op}: updates of dtype ${values.dtype} do not fit a ${base.dtype} tensor; cast one of them`);
  }
  const at = indexRows(op, indices, backend);
  const [x, y] = [countable(base), countable(values)];
  const written = planned(op, at, y, base.shape, (scatter) => replaced(x, scatter));
  return castTo(written, base.dtype);
}

/**
 * A tensor of `outputShape` with `sparseValues`, one or as many as there are indices, in the places that the rows of
 * `sparseIndices` name, and `defaultValue` elsewhere. Where a place occurs more than once, the last value counts.
 * @example
 * sparseToDense([1, 3], [5, 6], [5], -1).print(); // [-1, 5, -1, 6, -1]
 */
export function sparseToDense<R extends Rank = Rank>(
  sparseIndices: TensorLike,
  sparseValues: TensorLike,
  outputShape: ShapeOf<R>,
  defaultValue: TensorLike = 0,
): Tensor<R> {
  const op = 'sparseToDense';
  checkShape(op, outputShape);
  const backend = backendOf([sparseValues, sparseIndices]);
  const values = toTensor(op, sparseValues, backend);
  const given = indexOperand(op, sparseIndices, backend);
  const initial = toTensor(op, defaultValue, backend, defaultValue instanceof Tensor ? undefined : values.dtype);
  if (initial.dtype !== values.dtype) {
    throw new DTypeError(`${op}: the default of dtype ${initial.dtype} does not fit values of ${values.dtype}`);
  }
  const count = given.rank === 0 ? 1 : given.shape[0];
  const fits = given.rank <= 2 && initial.rank === 0 && (values.rank === 0 || sameShape(values.shape, [count]));
  const width = given.rank === 2 ? given.shape[1] : 1;
  if (!fits || width !== outputShape.length) {
    throw new ShapeError(
      `${op}: indices of shape ${showShape(given.shape)}, values of shape ${showShape(values.shape)} and a default of shape ${showShape(initial.shape)} do not fit shape ${showShape(outputShape)}`,
    );
  }
  return updated(
    op,
    broadcasted(initial, [...outputShape]),
    reshaped(given, [count, width]),
    broadcasted(values, [count]),
  ) as Tensor<R>;
}

export const scatterNDSamples: Samples<typeof scatterND> = ({ uniform, indices }) => [
  [indices([4], 3), uniform([4, 2]), [3, 2]],
  [indices([4, 1], 3), uniform([4]), [3]],
  [indices([5, 2], 2), uniform([5]), [2, 3]],
  [indices([3, 1], 2), uniform([3, 4]), [2, 4]],
  [indices([2, 2, 2], 2), uniform([2, 2, 3]), [2, 2, 3]],
  [indices([0, 1], 2), uniform([0, 2]), [2, 2]],
];

export const scatterNDSpace: Space<typeof scatterND> = ({ tensor, coordinates, shape, length, list, int }) => {
  const lengths = list(int(1, 3), () => length(1));
  const [lead, named] = [shape(0, 2), int(0, lengths.length)];
  return [coordinates(lead, lengths.slice(0, named)), tensor([...lead, ...lengths.slice(named)]), lengths];
};

export const scatterNDBadSamples: BadSamples<typeof scatterND> = ({ uniform, indices, wrong }) => [
  { args: [indices([4, 1], 3), uniform([3]), [3]], error: 'ShapeError', names: ['scatterND', '[3]', '[4,1]'] },
  { args: [indices([4, 2], 3), uniform([4]), [3]], error: 'ShapeError', names: ['scatterND', '[4,2]', '[3]'] },
  { args: [indices([4, 1], 3), uniform([4]), [-1]], error: 'ShapeError', names: ['scatterND', '[-1]'] },
  { args: [uniform([4, 1]), uniform([4]), [3]], error: 'DTypeError', names: ['scatterND', 'int32'] },
  { args: [indices([4, 1], 3), wrong(null), [3]], error: 'ArgumentError', names: ['scatterND', 'null'] },
];

export const tensorScatterUpdateSamples: Samples<typeof tensorScatterUpdate> = ({ uniform, indices, bools }) => [
  [uniform([5]), Int32Array.of(3, 0), uniform([2])],
  [uniform([3]), indices([4, 1], 3), uniform([4])],
  [uniform([2, 3]), indices([5, 2], 2), uniform([5])],
  [uniform([2, 3, 2]), indices([3, 1], 2), uniform([3, 3, 2])],
  [uniform([2, 2]), indices([2, 2, 2], 2), uniform([2, 2])],
  [uniform([3]), indices([0, 1], 3), uniform([0])],
  [indices([3], 9), indices([2, 1], 3), indices([2], 9)],
  [bools([3]), indices([2, 1], 3), bools([2])],
];

export const tensorScatterUpdateSpace: Space<typeof tensorScatterUpdate> = ({
  uniform,
  coordinates,
  shape,
  length,
  list,
  int,
}) => {
  const lengths = list(int(1, 3), () => length(1));
  const [lead, named] = [shape(0, 2), int(0, lengths.length)];
  return [uniform(lengths), coordinates(lead, lengths.slice(0, named)), uniform([...lead, ...lengths.slice(named)])];
};

export const tensorScatterUpdateBadSamples: BadSamples<typeof tensorScatterUpdate> = ({
  uniform,
  indices,
  bools,
  wrong,
}) => [
  { args: [uniform([3]), indices([4, 1], 3), uniform([3])], error: 'ShapeError', names: ['[3]', '[4,1]'] },
  { args: [uniform([3]), indices([4, 2], 3), uniform([4])], error: 'ShapeError', names: ['[4,2]', '[3]'] },
  { args: [uniform([3]), uniform([4, 1]), uniform([4])], error: 'DTypeError', names: ['int32'] },
  { args: [uniform([3]), indices([1], 3), bools([1])], error: 'DTypeError', names: ['tensorScatterUpdate', 'bool'] },
  { args: [wrong(null), indices([1], 3), [1]], error: 'ArgumentError', names: ['tensorScatterUpdate', 'null'] },
];

export const sparseToDenseSamples: Samples<typeof sparseToDense> = ({ uniform, indices }) => [
  [Int32Array.of(1, 3), uniform([2]), [5], 0.5],
  [indices([4], 3), uniform([4]), [3]],
  [indices([], 3), uniform([]), [3]],
  [indices([3, 2], 2), uniform([3]), [2, 3], -1],
  [indices([3, 2], 2), uniform([]), [2, 2]],
  [indices([0], 2), uniform([0]), [2]],
  [indices([2], 3), indices([2], 9), [3], 4],
  [indices([2], 3), uniform([2]), [3], uniform([])],
];

export const sparseToDenseSpace: Space<typeof sparseToDense> = ({
  uniform,
  coordinates,
  indices,
  length,
  list,
  int,
  pick,
}) => {
  const lengths = list(int(1, 3), () => length(1));
  const count = length();
  const values = uniform(pick([count], []));
  const fallback = pick(undefined, 0, uniform([]));
  if (lengths.length > 1) return [coordinates([count], lengths), values, lengths, fallback];
  return [indices(values.rank === 0 ? pick([], [count]) : [count], lengths[0]), values, lengths, fallback];
};

export const sparseToDenseBadSamples: BadSamples<typeof sparseToDense> = ({ uniform, indices, wrong }) => [
  { args: [indices([3], 2), uniform([2]), [4]], error: 'ShapeError', names: ['sparseToDense', '[3]', '[2]', '[4]'] },
  { args: [indices([1, 1, 1], 2), uniform([1]), [4]], error: 'ShapeError', names: ['sparseToDense', '[1,1,1]'] },
  { args: [indices([2], 2), uniform([2]), [-1]], error: 'ShapeError', names: ['sparseToDense', '[-1]'] },
  { args: [uniform([2]), uniform([2]), [4]], error: 'DTypeError', names: ['sparseToDense', 'int32'] },
  { args: [indices([2], 2), [true, true], [4], uniform([])], error: 'DTypeError', names: ['sparseToDense', 'bool'] },
  { args: [indices([2], 2), wrong(null), [4]], error: 'ArgumentError', names: ['sparseToDense', 'null'] },
];
