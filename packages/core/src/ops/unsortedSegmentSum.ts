import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { ShapeError } from '../errors.ts';
import { indexOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sameShape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import { minimum } from './arithmetic.ts';
import { less } from './comparison.ts';
import { scatterAddOp } from './gather.ts';
import { slicedAlong } from './slice.ts';
import { countable } from './sum.ts';
import { select } from './where.ts';

/**
 * Sums of slices of `x`: those whose place in `segmentIds` holds k add up to slice k of the output. Segments that no
 * slice belongs to are 0, and slices of which k names no segment are left out. The shape of `segmentIds` is the beginning of that of `x`.
 * @example
 * unsortedSegmentSum([1, 2, 3], [1, 0, 1], 2).print(); // [2, 4]
 */
export function unsortedSegmentSum(x: TensorLike, segmentIds: TensorLike, numSegments: number): SameRank {
  const backend = backendOf([x, segmentIds]);
  const values = countable(toTensor('unsortedSegmentSum', x, backend));
  const ids = indexOperand('unsortedSegmentSum', segmentIds, backend);
  if (!sameShape(values.shape.slice(0, ids.rank), ids.shape)) {
    throw new ShapeError(
      `unsortedSegmentSum: shape ${showShape(values.shape)} does not begin with the segment ids' shape ${showShape(ids.shape)}`,
    );
  }
  if (!Number.isInteger(numSegments) || numSegments < 0) {
    throw new ShapeError(`unsortedSegmentSum: numSegments ${numSegments} must be a non-negative integer`);
  }
  // Slices of no segment go to one more, which is cut off.
  const spare = hostTensor('unsortedSegmentSum', backend, Int32Array.of(numSegments), [], 'int32');
  const places = select(ids, less(ids, 0), spare, minimum(ids, spare));
  return slicedAlong(scatterAddOp([values, places], { axis: 0, size: numSegments + 1 }), 0, 0, numSegments);
}

export const unsortedSegmentSumSamples: Samples<typeof unsortedSegmentSum> = ({ uniform, indices, bools }) => [
  [uniform([5]), indices([5], 3), 3],
  [uniform([4, 2]), indices([4], 2), 5],
  [uniform([2, 3, 2]), indices([2, 3], 4), 4],
  [uniform([0, 2]), indices([0], 2), 2],
  [uniform([2]), indices([], 3), 3],
  [uniform([4]), Int32Array.of(1, -1, 0, -2), 2],
  [bools([4]), indices([4], 2), 2],
];

export const unsortedSegmentSumSpace: Space<typeof unsortedSegmentSum> = ({ tensor, indices, shape, int }) => {
  const lengths = shape();
  const segments = int(1, 4);
  return [tensor(lengths), indices(lengths.slice(0, int(0, lengths.length)), segments + int(0, 1)), segments];
};

export const unsortedSegmentSumBadSamples: BadSamples<typeof unsortedSegmentSum> = ({ uniform, indices, wrong }) => [
  { args: [uniform([4]), indices([3], 2), 2], error: 'ShapeError', names: ['unsortedSegmentSum', '[4]', '[3]'] },
  { args: [uniform([3]), indices([3], 2), -1], error: 'ShapeError', names: ['unsortedSegmentSum', '-1'] },
  { args: [uniform([3]), uniform([3]), 2], error: 'DTypeError', names: ['unsortedSegmentSum', 'int32'] },
  { args: [wrong(null), indices([3], 2), 2], error: 'ArgumentError', names: ['unsortedSegmentSum', 'null'] },
];
