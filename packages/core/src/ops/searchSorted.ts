import type { TensorLike } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { castTo, operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sameShape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { less, lessEqual } from './comparison.ts';
import { reshaped } from './reshape.ts';
import { sumOp } from './sum.ts';

/** Attributes of `searchSorted`: whether equals lie before the position. */
export interface SearchSorted {
  readonly right: boolean;
}

type Place = (run: Float64Array, value: number, comesBefore: (x: number, value: number) => boolean) => number;

const halved: Place = (run, value, comesBefore) => {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesBefore(run[middle], value)) low = middle + 1;
    else high = middle;
  }
  return low;
};

const counted: Place = (run, value, comesBefore) => run.filter((x) => comesBefore(x, value)).length;

function ascends(run: Float64Array): boolean {
  for (let i = 1; i < run.length; i++) if (!(run[i - 1] <= run[i])) return false;
  return true;
}

/** How many elements of the sequence come before each value. */
export const searchSortedOp: OpFunction<readonly [sequence: Tensor, values: Tensor], SearchSorted, Tensor> = composite(
  'searchSorted',
  {
    infer: ([, values]) => ({ shape: values.shape, dtype: 'int32' }),
    host([sequence, values], { right }, [out]) {
      const [sorted, wanted] = [sequence, values].map(({ data }) => new Float64Array(data));
      const [length, count] = [sequence, values].map(({ shape }) => shape[shape.length - 1]);
      const comesBefore = (x: number, value: number): boolean => (right ? x <= value : x < value);
      for (let start = 0, i = 0; i < wanted.length; start += length) {
        const run = sorted.subarray(start, start + length);
        // What does not ascend cannot be halved: its elements are counted, as the composition does.
        const place = ascends(run) ? halved : counted;
        for (const end = i + count; i < end; i++) out.data[i] = place(run, wanted[i], comesBefore);
      }
    },
    compose([sequence, values], { right }) {
      const row = reshaped(sequence, [...sequence.shape.slice(0, -1), 1, sequence.shape[sequence.rank - 1]]);
      const column = reshaped(values, [...values.shape, 1]);
      const before = right ? lessEqual(row, column) : less(row, column);
      return sumOp([castTo(before, 'int32')], { axes: [values.rank] });
    },
  },
);

function searched(op: string, sortedSequence: TensorLike, values: TensorLike, right: boolean): Tensor {
  const [sequence, wanted] = operands(op, [sortedSequence, values]);
  const fits = sequence.rank > 0 && sequence.rank === wanted.rank;
  if (!fits || !sameShape(sequence.shape.slice(0, -1), wanted.shape.slice(0, -1))) {
    throw new ShapeError(
      `${op}: a sequence of shape ${showShape(sequence.shape)} and values of shape ${showShape(wanted.shape)} may differ in their last axis only`,
    );
  }
  return searchSortedOp([sequence, wanted], { right });
}

/**
 * The int32 position of each of `values` in the ascending `sortedSequence`, both along their last axis: the first one
 * ('left') or last one ('right') that keeps it ascending.
 * @example
 * searchSorted([1, 3, 3, 5], [3, 4], 'right').print(); // [3, 3]
 */
export function searchSorted(sortedSequence: TensorLike, values: TensorLike, side: 'left' | 'right' = 'left'): Tensor {
  if (side !== 'left' && side !== 'right') {
    throw new ArgumentError(`searchSorted: unknown side ${String(side)}; use 'left' or 'right'`);
  }
  return searched('searchSorted', sortedSequence, values, side === 'right');
}

/**
 * How many elements of the ascending `sortedSequence` are smaller than each of `values`.
 * @example
 * lowerBound([1, 3, 3, 5], [3, 4]).print(); // [1, 3]
 */
export function lowerBound(sortedSequence: TensorLike, values: TensorLike): Tensor {
  return searched('lowerBound', sortedSequence, values, false);
}

/**
 * How many elements of the ascending `sortedSequence` are smaller than or equal to each of `values`.
 * @example
 * upperBound([1, 3, 3, 5], [3, 4]).print(); // [3, 3]
 */
export function upperBound(sortedSequence: TensorLike, values: TensorLike): Tensor {
  return searched('upperBound', sortedSequence, values, true);
}

const samples: Samples<typeof lowerBound> = ({ uniform, exactly, indices }) => [
  [exactly([-3, -0.5, -0.5, 2]), exactly([-4, -0.5, 1, 2, 3])],
  [
    exactly([
      [0, 1],
      [2, 3],
    ]),
    uniform([2, 4]),
  ],
  [[1, 2, 2], indices([5], 4)],
  [uniform([0]), uniform([2])],
  [exactly([1, 2]), uniform([0])],
];

export const searchSortedSamples: Samples<typeof searchSorted> = (generator) => [
  ...samples(generator),
  [generator.exactly([-1, 0, 0, 3]), generator.exactly([0, 4]), 'right'],
];

export const searchSortedSpace: Space<typeof searchSorted> = (draw) => [
  ...boundSpace(draw),
  draw.pick('left', 'right'),
];
export const lowerBoundSamples: Samples<typeof lowerBound> = samples;

const boundSpace: Space<typeof lowerBound> = ({ indices, shape, length, list, int, pick }) => {
  const [lead, count] = [shape(0, 1), length()];
  const rows = list(lead[0] ?? 1, () => list(count, () => int(-2, 2)).sort((a, b) => a - b));
  return [lead.length === 0 ? rows[0] : rows, indices([...lead, pick(count, length())], 4)];
};

export const lowerBoundSpace: Space<typeof lowerBound> = boundSpace;
export const upperBoundSamples: Samples<typeof upperBound> = samples;

export const upperBoundSpace: Space<typeof upperBound> = boundSpace;

/* @__NO_SIDE_EFFECTS__ */
const refused =
  (op: string): BadSamples<typeof lowerBound> =>
  ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), uniform([3, 3])], error: 'ShapeError', names: [op, '[2,3]', '[3,3]'] },
    { args: [uniform([3]), uniform([])], error: 'ShapeError', names: [op, '[3]', '[]'] },
    { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: [op, 'null'] },
  ];

export const searchSortedBadSamples: BadSamples<typeof searchSorted> = (generator) => [
  ...refused('searchSorted')(generator),
  { args: [[1], [1], generator.wrong('middle')], error: 'ArgumentError', names: ['searchSorted', 'middle'] },
];
export const lowerBoundBadSamples: BadSamples<typeof lowerBound> = refused('lowerBound');
export const upperBoundBadSamples: BadSamples<typeof upperBound> = refused('upperBound');
