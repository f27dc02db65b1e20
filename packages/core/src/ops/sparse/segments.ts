import { backendOf, type TensorLike, toTensor } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { convertValues, isFloating, type TypedArray } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import type { BadSample, BadSamples, Draw, Generator, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { abs, divOp, floorDiv, sign } from '../arithmetic.ts';
import { gatherOp, scatterAddOp } from '../gather.ts';
import { mul } from '../pointwise.ts';
import { countable } from '../sum.ts';
import { indexVector } from './coordinates.ts';

/** Sums by segment, and how many slices each of them is made of. */
interface Segments {
  readonly total: Tensor;
  readonly counts: readonly number[];
}

/** How many slices each segment has. The ids must ascend from 0 or more; the last of them tells how many segments there are. */
function counted(op: string, ids: TypedArray): number[] {
  const rows = ids.length === 0 ? 0 : ids[ids.length - 1] + 1;
  if (rows < 0 || (rows === 0 && ids.length > 0)) {
    throw new ShapeError(`${op}: segment ids must be >= 0, the last is ${rows - 1}`);
  }
  const counts = Array.from({ length: rows }, () => 0);
  let before = 0;
  for (const id of ids) {
    if (id < 0 || id >= rows)
      throw new ShapeError(`${op}: segment id ${id} out of range [0, ${rows}); are they sorted?`);
    if (id < before) throw new ShapeError(`${op}: segment ids are not increasing: ${id} comes after ${before}`);
    counts[id]++;
    before = id;
  }
  return counts;
}

function summed(op: string, data: TensorLike, indices: TensorLike, segmentIds: TensorLike): Segments {
  const backend = backendOf([data, indices, segmentIds]);
  const values = countable(toTensor(op, data, backend));
  if (values.rank === 0) throw new ShapeError(`${op}: a scalar has no slices; the data must have at least one axis`);
  const at = indexVector(op, 'indices', indices, backend);
  const ids = indexVector(op, 'segmentIds', segmentIds, backend);
  if (at.size !== ids.size) {
    throw new ShapeError(
      `${op}: indices of shape ${showShape(at.shape)} and segment ids of shape ${showShape(ids.shape)} must be as many`,
    );
  }
  const counts = counted(op, ids.dataSync());
  const picked = at.dataSync();
  const wrong = picked.findIndex((index: number) => index < 0 || index >= values.shape[0]);
  if (wrong >= 0) {
    throw new ShapeError(`${op}: indices[${wrong}] == ${picked[wrong]} out of range [0, ${values.shape[0]})`);
  }
  const total = scatterAddOp([gatherOp([values, at], { axis: 0 }), ids], { axis: 0, size: counts.length });
  return { total, counts };
}

/**
 * Sums of those slices of `data` along its first axis that `indices` name: the ones with segment id k add up to slice k
 * of the output, which is 0 where there are none. The ids ascend, and the last is the output's last slice. Reads
 * `indices` and `segmentIds` at once.
 * @example
 * sparseSegmentSum([1, 2, 3], [0, 2, 2], [0, 0, 2]).print(); // [4, 0, 3]
 */
export function sparseSegmentSum(data: TensorLike, indices: TensorLike, segmentIds: TensorLike): Tensor {
  return summed('sparseSegmentSum', data, indices, segmentIds).total;
}

/**
 * The means of the slices that `sparseSegmentSum` adds up. As in tfjs, those of int32 are int32, rounded towards zero.
 * @example
 * sparseSegmentMean([1, 2, 3], [0, 2, 2], [0, 0, 2]).print(); // [2, 0, 3]
 */
export function sparseSegmentMean(data: TensorLike, indices: TensorLike, segmentIds: TensorLike): Tensor {
  const op = 'sparseSegmentMean';
  const { total, counts } = summed(op, data, indices, segmentIds);
  const { backend, dtype, shape } = total;
  const sizes = convertValues(
    counts.map((count) => Math.max(count, 1)),
    dtype,
  );
  const divisor = hostTensor(op, backend, sizes, [counts.length, ...shape.slice(1).map(() => 1)], dtype);
  return isFloating(dtype) ? divOp(total, divisor) : mul(sign(total), floorDiv(abs(total), divisor));
}

type Arguments = Parameters<typeof sparseSegmentSum>;

const segmentSamples = ({ uniform, indices, bools }: Generator): Arguments[] => [
  [uniform([5]), indices([4], 5), Int32Array.of(0, 0, 1, 3)],
  [uniform([4, 3]), indices([5], 4), Int32Array.of(1, 1, 1, 2, 2)],
  [uniform([3, 2, 2]), Int32Array.of(2, 0, 2), indices([3], 1)],
  [uniform([2, 0]), [0, 1], [0, 1]],
  [uniform([3, 2]), Int32Array.of(), Int32Array.of()],
  [indices([4, 2], 9), Int32Array.of(3, 1, 0), Int32Array.of(0, 0, 1)],
  [bools([4]), Int32Array.of(0, 1, 2), Int32Array.of(0, 0, 0)],
];

export const sparseSegmentSumSamples: Samples<typeof sparseSegmentSum> = segmentSamples;

const segmentSpace = ({ tensor, indices, shape, length, list, pick }: Draw): Arguments => {
  const [rows, count] = [length(1), length()];
  let segment = 0;
  const segments = list(count, (i) => {
    segment += i > 0 ? pick(0, 1) : 0;
    return segment;
  });
  return [tensor([rows, ...shape(0, 2)]), indices([count], rows), Int32Array.from(segments)];
};

export const sparseSegmentSumSpace: Space<typeof sparseSegmentSum> = segmentSpace;

export const sparseSegmentMeanSamples: Samples<typeof sparseSegmentMean> = segmentSamples;

export const sparseSegmentMeanSpace: Space<typeof sparseSegmentMean> = segmentSpace;

/* @__NO_SIDE_EFFECTS__ */
function refusedBySegments(op: string): BadSamples<typeof sparseSegmentSum> {
  return ({ uniform, indices, wrong }): BadSample<Arguments>[] => [
    { args: [uniform([]), [0], [0]], error: 'ShapeError', names: [op, 'scalar'] },
    { args: [uniform([3]), [[0, 1]], [0, 1]], error: 'ShapeError', names: [op, 'indices', '[1,2]'] },
    { args: [uniform([3]), [0, 1], [[0, 1]]], error: 'ShapeError', names: [op, 'segmentIds', '[1,2]'] },
    { args: [uniform([3]), [0, 1], [0]], error: 'ShapeError', names: [op, '[2]', '[1]'] },
    { args: [uniform([3]), [0, -1], [0, 1]], error: 'ShapeError', names: [op, 'indices[1] == -1', '[0, 3)'] },
    { args: [uniform([3]), [0, 3], [0, 1]], error: 'ShapeError', names: [op, 'indices[1] == 3', '[0, 3)'] },
    { args: [uniform([3]), [0, 1], [0, -1]], error: 'ShapeError', names: [op, '-1'] },
    { args: [uniform([3]), [0, 1], [-1, 1]], error: 'ShapeError', names: [op, '-1', '[0, 2)'] },
    { args: [uniform([3]), [0, 1], [2, 1]], error: 'ShapeError', names: [op, '2', '[0, 2)'] },
    { args: [uniform([3]), [0, 1, 2], [1, 0, 1]], error: 'ShapeError', names: [op, 'increasing', '0', '1'] },
    { args: [uniform([3]), uniform([2]), indices([2], 1)], error: 'DTypeError', names: [op, 'int32'] },
    { args: [wrong(null), [0], [0]], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

export const sparseSegmentSumBadSamples: BadSamples<typeof sparseSegmentSum> = refusedBySegments('sparseSegmentSum');

export const sparseSegmentMeanBadSamples: BadSamples<typeof sparseSegmentMean> = refusedBySegments('sparseSegmentMean');
