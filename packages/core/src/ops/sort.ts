import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import type { NestedLike } from '../nested.ts';
import { composite } from '../op/composite.ts';
import type { Cotangents, OpFunction } from '../op/op.ts';
import { primitive } from '../op/primitive.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { normalizeAxis, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { flatIndices, scatterAddOp } from './gather.ts';
import { firstInOrder } from './ordering.ts';
import { reshaped } from './reshape.ts';
import { slicedAlong } from './slice.ts';
import { permuted } from './transpose.ts';

/** Attributes of `sort`. */
export interface Sort {
  readonly descending: boolean;
}

/** Attributes of `topk`. */
export interface TopK {
  readonly k: number;
}

/** Along the last axis: the values in order, and where each came from. */
export const sortOp: OpFunction<readonly [x: Tensor], Sort, readonly Tensor[]> = primitive('sort', {
  outputs: 2,
  infer: ([{ shape, dtype }]) => [
    { shape, dtype },
    { shape, dtype: 'int32' },
  ],
  saves: ['y'],
  host([x], { descending }, [values, indices]) {
    const length = x.shape[x.shape.length - 1];
    firstInOrder(x.data, values.data, indices.data, descending, length, length);
  },
  vjp: fromPlaces,
});

/** Brings the cotangents of values back to where these came from. */
function fromPlaces([g]: Cotangents, [x]: readonly Tensor[], [, indices]: readonly Tensor[]): (Tensor | null)[] {
  if (g === null) return [null];
  const flat = flatIndices(indices, x.shape, x.rank - 1);
  return [reshaped(scatterAddOp([g, flat], { axis: 0, size: x.size }), x.shape)];
}

export const topkOp: OpFunction<readonly [x: Tensor], TopK, readonly Tensor[]> = composite('topk', {
  outputs: 2,
  infer([{ shape, dtype }], { k }) {
    const kept = [...shape.slice(0, -1), k];
    return [
      { shape: kept, dtype },
      { shape: kept, dtype: 'int32' },
    ];
  },
  saves: ['y'],
  host: ([x], { k }, [values, indices]) =>
    firstInOrder(x.data, values.data, indices.data, true, x.shape[x.shape.length - 1], k),
  vjp: fromPlaces,
  compose: ([x], { k }) => sortOp([x], { descending: true }).map((sorted) => slicedAlong(sorted, x.rank - 1, 0, k)),
});

function sortedAlong(op: string, x: TensorLike, axis: number, descending: boolean): readonly Tensor[] {
  const tensor = toTensor(op, x);
  const at = normalizeAxis(op, axis, tensor.shape);
  const last = tensor.rank - 1;
  const swap = tensor.shape.map((_, i) => (i === at ? last : i === last ? at : i));
  return sortOp([permuted(tensor, swap)], { descending }).map((y) => permuted(y, swap));
}

/**
 * The elements along `axis` in order, equals as they stood, NaN last.
 * @example
 * sort([3, 1, 2]).print(); // [1, 2, 3]
 */
export function sort(x: TensorLike, axis = -1, descending = false): SameRank {
  return sortedAlong('sort', x, axis, descending)[0];
}

/**
 * The int32 positions along `axis` of the elements in order, equals as they stood, NaN last. They have no derivative.
 * @example
 * argsort([3, 1, 2]).print(); // [1, 2, 0]
 */
export function argsort(x: TensorLike, axis = -1, descending = false): SameRank {
  return sortedAlong('argsort', x, axis, descending)[1];
}

/**
 * The `k` largest elements along the last axis with their int32 positions, the first of equals. They always come in
 * descending order; `sorted` is taken for compatibility.
 * @example
 * topk([1, 5, 3], 2).values.print(); // [5, 3]
 */
export function topk<T extends Tensor = Tensor>(x: T | NestedLike, k = 1, _sorted = true): { values: T; indices: T } {
  const tensor = toTensor('topk', x);
  const length = tensor.shape[tensor.rank - 1];
  if (length === undefined) throw new ShapeError('topk: a scalar has no last axis; give at least one axis');
  if (!Number.isInteger(k) || k < 0 || k > length) {
    throw new ShapeError(`topk: k = ${k} must be an integer in [0, ${length}] for shape ${showShape(tensor.shape)}`);
  }
  const [values, indices] = topkOp([tensor], { k });
  return { values: values as T, indices: indices as T };
}

const samples: Samples<typeof sort> = ({ distinct, exactly, indices, bools }) => [
  [distinct([5])],
  [distinct([2, 3, 4])],
  [distinct([2, 3, 4]), 1],
  [distinct([2, 3, 4]), 0, true],
  [exactly([2, -1, 7, 0.5, 3]), -1, true],
  [indices([2, 6], 3), 1],
  [bools([6]), 0, true],
  [distinct([0])],
  [distinct([0, 2])],
];

export const sortSamples: Samples<typeof sort> = samples;

const orderSpace: Space<typeof sort> = ({ distinct, bools, shape, axis, pick }) => {
  const lengths = shape(1, 3);
  return [pick(distinct(lengths), distinct(lengths), bools(lengths)), axis(lengths.length), pick(false, true)];
};

export const sortSpace: Space<typeof sort> = orderSpace;
export const argsortSamples: Samples<typeof argsort> = samples;

export const argsortSpace: Space<typeof argsort> = orderSpace;

export const topkSamples: Samples<typeof topk> = ({ distinct, indices }) => [
  [distinct([5])],
  [distinct([2, 3, 4]), 2],
  [distinct([2, 4]), 4, false],
  [distinct([2, 4]), 0],
  [indices([2, 6], 3), 3],
  [distinct([0, 2]), 1],
];

export const topkSpace: Space<typeof topk> = ({ distinct, shape, length, int, pick }) => {
  const last = length();
  return [distinct([...shape(0, 2), last]), int(0, last), pick(undefined, true, false)];
};

export const sortBadSamples: BadSamples<typeof sort> = refusedByAxis('sort');
export const argsortBadSamples: BadSamples<typeof argsort> = refusedByAxis('argsort');

export const topkBadSamples: BadSamples<typeof topk> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 4], error: 'ShapeError', names: ['topk', '4', '[2,3]'] },
  { args: [uniform([2, 3]), -1], error: 'ShapeError', names: ['topk', '-1'] },
  { args: [uniform([])], error: 'ShapeError', names: ['topk', 'scalar'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['topk', 'null'] },
];
