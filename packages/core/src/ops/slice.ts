import { type TensorLike, toTensor } from '../convert.ts';
import { filled } from '../create/fill.ts';
import { ShapeError } from '../errors.ts';
import { like, linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { type Shape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { select } from './where.ts';

/** Attributes of `slice`: where it begins, what it gives, and the positive steps in between, per axis. */
export interface Slice {
  readonly begin: readonly number[];
  readonly size: readonly number[];
  readonly strides: readonly number[];
}

/** Attributes of `pad`: how many zeros come before, after and between the elements, per axis. */
export interface Pad {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

export const sliceOp: OpFunction<readonly [x: Tensor], Slice, Tensor> = linear('slice', {
  infer: ([x], { size }) => like(x, size),
  transpose: (g, [x], { begin, size, strides }) =>
    padOp([g], {
      low: begin,
      high: x.shape.map((n, i) => n - begin[i] - span(size[i], strides[i])),
      interior: strides.map((stride) => stride - 1),
    }),
});

export const padOp: OpFunction<readonly [x: Tensor], Pad, Tensor> = linear('pad', {
  infer: ([x], { low, high, interior }) =>
    like(
      x,
      x.shape.map((n, i) => low[i] + span(n, interior[i] + 1) + high[i]),
    ),
  transpose: (g, [x], { low, interior }) =>
    sliceOp([g], { begin: low, size: x.shape, strides: interior.map((zeros) => zeros + 1) }),
});

/** How far `count` elements reach that stand `step` apart. */
export function span(count: number, step: number): number {
  return count === 0 ? 0 : (count - 1) * step + 1;
}

/** The part of `x` from `begin` of that `size`. For rules. */
export function sliced(x: Tensor, begin: readonly number[], size: Shape): Tensor {
  return sliceOp([x], { begin, size, strides: begin.map(() => 1) });
}

/** The part of `x` along one axis. For rules. */
export function slicedAlong(x: Tensor, axis: number, begin: number, size: number): Tensor {
  const at = (value: number, others: readonly number[]): number[] => others.map((n, i) => (i === axis ? value : n));
  return sliced(
    x,
    at(
      begin,
      x.shape.map(() => 0),
    ),
    at(size, x.shape),
  );
}

/**
 * The part of `x` that begins at `begin` and has `size` elements along each axis; -1, and axes that are left out, mean
 * all the rest.
 * @example
 * slice([1, 2, 3, 4], 1, 2).print(); // [2, 3]
 */
export function slice(
  x: TensorLike,
  begin: number | readonly number[],
  size?: number | readonly number[] | null,
): SameRank {
  const tensor = toTensor('slice', x);
  const { shape } = tensor;
  const from = typeof begin === 'number' ? [begin] : begin;
  const given = typeof size === 'number' ? [size] : (size ?? []);
  const starts = shape.map((_, i) => from[i] ?? 0);
  const sizes = shape.map((n, i) => (given[i] === undefined || given[i] === -1 ? n - starts[i] : given[i]));
  const fits = shape.every(
    (n, i) =>
      Number.isInteger(starts[i]) &&
      Number.isInteger(sizes[i]) &&
      starts[i] >= 0 &&
      sizes[i] >= 0 &&
      starts[i] + sizes[i] <= n,
  );
  if (!fits || from.length > shape.length || given.length > shape.length) {
    throw new ShapeError(
      `slice: begin ${showShape(from)} and size ${showShape(given)} reach outside shape ${showShape(shape)}`,
    );
  }
  return sliced(tensor, starts, sizes);
}

export const sliceSamples: Samples<typeof slice> = ({ uniform, bools }) => [
  [uniform([5]), 1, 3],
  [uniform([5]), 2],
  [uniform([3, 4]), [1, 0], [2, -1]],
  [uniform([3, 4]), [1], [1]],
  [uniform([2, 3, 4]), [0, 1, 2], [2, 1, 2]],
  [uniform([3, 4]), [3, 1], [0, 2]],
  [uniform([]), []],
  [bools([4]), 1, 2],
];

export const sliceSpace: Space<typeof slice> = ({ tensor, shape, int, pick }) => {
  const lengths = shape();
  const begin = lengths.map((n) => int(0, n));
  const size = lengths.map((n, i) => pick(-1, int(0, n - begin[i])));
  const form = pick('all', 'begin', 'first', 'one');
  if (form === 'begin') return [tensor(lengths), begin];
  if (form === 'one') return [tensor(lengths), begin[0] ?? 0, pick(undefined, null, size[0] ?? -1)];
  const named = form === 'first' ? 1 : lengths.length;
  return [tensor(lengths), begin.slice(0, named), size.slice(0, named)];
};

export const sliceBadSamples: BadSamples<typeof slice> = ({ uniform, wrong }) => [
  { args: [uniform([3, 4]), [1, 0], [3, 4]], error: 'ShapeError', names: ['slice', '[3,4]'] },
  { args: [uniform([3]), -1], error: 'ShapeError', names: ['slice', '[-1]', '[3]'] },
  { args: [uniform([3]), 4], error: 'ShapeError', names: ['slice', '[4]', '[3]'] },
  { args: [uniform([3]), 0.5], error: 'ShapeError', names: ['slice', '0.5'] },
  { args: [uniform([3]), [0, 0]], error: 'ShapeError', names: ['slice', '[0,0]', '[3]'] },
  { args: [wrong(null), 0], error: 'ArgumentError', names: ['slice', 'null'] },
];

/**
 * `x` with `constantValue` around it: `paddings` holds, for each axis, how many elements come before and after.
 * @example
 * pad([1, 2], [[1, 2]]).print(); // [0, 1, 2, 0, 0]
 */
export function pad(x: TensorLike, paddings: readonly (readonly [number, number])[], constantValue = 0): SameRank {
  const tensor = toTensor('pad', x);
  const count = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 0;
  if (paddings.length !== tensor.rank || !paddings.every((pair) => pair.length === 2 && pair.every(count))) {
    throw new ShapeError(
      `pad: paddings ${JSON.stringify(paddings)} must be a pair of counts for each axis of shape ${showShape(tensor.shape)}`,
    );
  }
  return padded(tensor, paddings, constantValue);
}

/** `x` with `value` around it, in the dtype of `x`. For rules. */
export function padded(x: Tensor, paddings: readonly (readonly [number, number])[], value: number): Tensor {
  const attrs: Pad = {
    low: paddings.map(([low]) => low),
    high: paddings.map(([, high]) => high),
    interior: paddings.map(() => 0),
  };
  const y = padOp([x], attrs);
  if (value === 0) return y;
  const inside = padOp([filled(x.backend, { shape: x.shape, dtype: 'bool' }, 1)], attrs);
  return select(y, inside, y, value);
}

export const padSamples: Samples<typeof pad> = ({ uniform, indices, bools }) => [
  [uniform([3]), [[1, 2]]],
  [
    uniform([2, 3]),
    [
      [0, 1],
      [2, 0],
    ],
  ],
  [
    uniform([2, 3]),
    [
      [1, 1],
      [0, 2],
    ],
    -1.5,
  ],
  [uniform([]), [], 3],
  [
    uniform([0, 2]),
    [
      [1, 1],
      [0, 0],
    ],
  ],
  [uniform([]), []],
  [indices([3], 5), [[1, 1]], 7],
  [bools([2]), [[1, 1]]],
];

export const padSpace: Space<typeof pad> = ({ tensor, shape, int, pick }) => {
  const lengths = shape();
  return [
    tensor(lengths),
    lengths.map(() => [int(0, 2), int(0, 2)] as const),
    pick(undefined, 1, -2.5, NaN, -Infinity),
  ];
};

export const padBadSamples: BadSamples<typeof pad> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), [[1, 1]]], error: 'ShapeError', names: ['pad', '[[1,1]]', '[2,3]'] },
  { args: [uniform([2]), [[-1, 1]]], error: 'ShapeError', names: ['pad', '[[-1,1]]', '[2]'] },
  { args: [uniform([2]), [[0.5, 1]]], error: 'ShapeError', names: ['pad', '0.5'] },
  { args: [wrong(null), []], error: 'ArgumentError', names: ['pad', 'null'] },
];
