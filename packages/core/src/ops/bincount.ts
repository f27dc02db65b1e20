import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { onesOf } from '../create/fill.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { castTo, indexOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sameShape, showShape, sizeOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { greater, less, logicalAnd } from './comparison.ts';
import { flatIndices, scatterAddOp } from './gather.ts';
import { reshaped } from './reshape.ts';
import { slicedAlong } from './slice.ts';
import { countable } from './sum.ts';
import { select } from './where.ts';

/** Sums of `values` by bin, along the last axis. What belongs to no bin goes to one more, which is cut off. */
function binned(bins: Tensor, values: Tensor, size: number): Tensor {
  const lead = bins.shape.slice(0, -1);
  const length = bins.shape[lead.length];
  const inside = logicalAnd(less(-1, bins), less(bins, size));
  const rows = reshaped(select(bins, inside, bins, size), [sizeOf(lead), length]);
  const counts = scatterAddOp([reshaped(values, rows.shape), flatIndices(rows, [sizeOf(lead), size + 1], 1)], {
    axis: 0,
    size: sizeOf(lead) * (size + 1),
  });
  return slicedAlong(reshaped(counts, [...lead, size + 1]), lead.length, 0, size);
}

function counted(
  op: string,
  x: TensorLike,
  weights: TensorLike,
  size: number,
  ranks: readonly number[],
  binaryOutput: boolean,
): Tensor {
  const backend = backendOf([x, weights]);
  const bins = indexOperand(op, x, backend);
  const given = countable(toTensor(op, weights, backend));
  if (!ranks.includes(bins.rank)) {
    throw new ShapeError(`${op}: shape ${showShape(bins.shape)} must have ${ranks.join(' or ')} axes`);
  }
  if (!Number.isInteger(size) || size < 0)
    throw new ArgumentError(`${op}: size ${size} must be an integer, at least 0`);
  if (given.size > 0 && !sameShape(given.shape, bins.shape)) {
    throw new ShapeError(
      `${op}: weights of shape ${showShape(given.shape)} must be empty or of shape ${showShape(bins.shape)}`,
    );
  }
  const ones = (): Tensor => onesOf(backend, { shape: bins.shape, dtype: given.dtype });
  if (binaryOutput) return castTo(greater(binned(bins, ones(), size), 0), given.dtype);
  return binned(bins, given.size === 0 ? ones() : given, size);
}

/**
 * How often each of 0, 1, ... `size` - 1 occurs in the int32 vector `x`, or the sums of the `weights` of its occurrences,
 * where they are not empty. What lies outside is not counted.
 * @example
 * bincount([1, 1, 2], [], 3).print(); // [0, 2, 1]
 */
export function bincount(x: TensorLike, weights: TensorLike, size: number): SameRank {
  return counted('bincount', x, weights, size, [1], false);
}

/**
 * As `bincount`, of a vector or each row of a matrix. With `binaryOutput` it tells by 1 and 0 what occurs.
 * @example
 * denseBincount([[1, 1], [0, 2]], [], 3).print(); // [[0, 2, 0], [1, 0, 1]]
 */
export function denseBincount(x: TensorLike, weights: TensorLike, size: number, binaryOutput = false): SameRank {
  return counted('denseBincount', x, weights, size, [1, 2], binaryOutput);
}

const samples: Samples<typeof bincount> = ({ uniform, indices }) => [
  [indices([6], 4), uniform([6]), 4],
  [indices([6], 4), uniform([6]), 2],
  [indices([6], 4), [], 5],
  [indices([5], 4), indices([5], 9), 4],
  [indices([0], 1), uniform([0]), 3],
];

export const bincountSamples: Samples<typeof bincount> = samples;

export const bincountSpace: Space<typeof bincount> = ({ indices, uniform, length, int, pick }) => {
  const [count, size] = [length(), int(0, 4)];
  return [indices([count], size + 2), pick([], uniform([count])), size];
};

export const denseBincountSamples: Samples<typeof denseBincount> = (generator) => [
  ...samples(generator),
  [generator.indices([2, 5], 4), generator.uniform([2, 5]), 3],
  [generator.indices([2, 5], 4), [], 4],
  [generator.indices([2, 5], 4), [], 3, true],
  [generator.indices([5], 4), generator.uniform([5]), 4, true],
];

export const denseBincountSpace: Space<typeof denseBincount> = ({ indices, uniform, shape, int, pick }) => {
  const [lengths, size] = [shape(1, 2), int(0, 4)];
  return [indices(lengths, size + 2), pick([], uniform(lengths)), size, pick(undefined, false, true)];
};

/* @__NO_SIDE_EFFECTS__ */
const refused =
  (op: string): BadSamples<typeof bincount> =>
  ({ uniform, indices, wrong }) => [
    { args: [indices([3], 2), uniform([2]), 2], error: 'ShapeError', names: [op, '[3]', '[2]'] },
    { args: [indices([2, 2, 2], 2), [], 2], error: 'ShapeError', names: [op, '[2,2,2]'] },
    { args: [indices([3], 2), [], -1], error: 'ArgumentError', names: [op, '-1'] },
    { args: [uniform([3]), [], 2], error: 'DTypeError', names: [op, 'int32'] },
    { args: [wrong(null), [], 2], error: 'ArgumentError', names: [op, 'null'] },
  ];

export const bincountBadSamples: BadSamples<typeof bincount> = refused('bincount');
export const denseBincountBadSamples: BadSamples<typeof denseBincount> = refused('denseBincount');
