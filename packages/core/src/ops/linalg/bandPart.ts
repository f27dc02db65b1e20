import { type TensorLike, toTensor } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { ShapeError } from '../../errors.ts';
import { indexOperand } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { SameRank } from '../../signatures.ts';
import { rectangle } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { sub } from '../arithmetic.ts';
import { less, lessEqual, logicalAnd } from '../comparison.ts';
import { neg } from '../pointwise.ts';
import { select } from '../where.ts';
import { matrixShape } from './matrices.ts';

/** `x` with zeros but where `low` ≤ column - row ≤ `high`. For rules. */
export function band(x: Tensor, low: number, high: number): Tensor {
  const [rows, columns] = matrixShape('bandPart', x);
  const inside = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [first, end] = [Math.max(0, row + low), Math.min(columns, row + high + 1)];
    if (first < end) inside.fill(1, row * columns + first, row * columns + end);
  }
  return select(x, hostTensor('bandPart', x.backend, inside, [rows, columns], 'bool'), x, 0);
}

/** The band between bounds that may be known to the backend only. */
function bandBetween(x: Tensor, numLower: number | Tensor, numUpper: number | Tensor): Tensor {
  const [rows, columns] = matrixShape('bandPart', x);
  const axis = (length: number, shape: number[]): Tensor =>
    hostTensor(
      'bandPart',
      x.backend,
      Int32Array.from({ length }, (_, i) => i),
      shape,
      'int32',
    );
  const diagonal = sub(axis(columns, [columns]), axis(rows, [rows, 1]));
  const bound = (count: number | Tensor, all: number): Tensor => {
    const n = indexOperand('bandPart', count, x.backend);
    return select(n, less(n, toTensor('bandPart', 0, x.backend, 'int32')), all, n);
  };
  const inside = logicalAnd(
    lessEqual(neg(bound(numLower, rows)), diagonal),
    lessEqual(diagonal, bound(numUpper, columns)),
  );
  return select(x, inside, x, 0);
}

/**
 * The matrices in the last two axes with zeros outside a band about the diagonal: `numLower` diagonals below it and
 * `numUpper` above it are kept, all where negative. They may be int32 scalars.
 * @example
 * bandPart([[1, 2], [3, 4]], 0, -1).print(); // [[1, 2], [0, 4]]
 */
export function bandPart(a: TensorLike, numLower: number | Tensor, numUpper: number | Tensor): SameRank {
  const x = toTensor('bandPart', a);
  const [rows, columns] = matrixShape('bandPart', x);
  if (typeof numLower !== 'number' || typeof numUpper !== 'number') return bandBetween(x, numLower, numUpper);
  if (!Number.isInteger(numLower) || !Number.isInteger(numUpper) || numLower > rows || numUpper > columns) {
    throw new ShapeError(
      `bandPart: ${numLower} lower and ${numUpper} upper diagonals must be integers, at most as many as ${rows} rows and ${columns} columns`,
    );
  }
  return band(x, numLower < 0 ? -Infinity : -numLower, numUpper < 0 ? Infinity : numUpper);
}

export const bandPartSamples: Samples<typeof bandPart> = ({ uniform, indices }) => [
  [uniform([3, 3]), 1, 1],
  [uniform([3, 4]), 0, -1],
  [uniform([2, 4, 3]), -1, 0],
  [uniform([3, 3]), 0, 0],
  [uniform([2, 2]), -1, -1],
  [uniform([0, 2]), 0, 1],
  [indices([2, 3], 9), 0, 1],
  [uniform([3, 3]), indices([], 3), -1],
];

export const bandPartSpace: Space<typeof bandPart> = (draw) => {
  const lengths = rectangle(draw);
  const [rows, columns] = lengths.slice(-2);
  const { int, pick, tensor } = draw;
  return [tensor(lengths), pick(-1, int(0, rows)), pick(-1, int(0, columns))];
};

export const bandPartBadSamples: BadSamples<typeof bandPart> = ({ uniform, wrong }) => [
  { args: [uniform([3]), 0, 0], error: 'ShapeError', names: ['bandPart', '[3]'] },
  { args: [uniform([2, 3]), 3, 0], error: 'ShapeError', names: ['bandPart', '3', '2 rows'] },
  { args: [uniform([2, 3]), 0, 0.5], error: 'ShapeError', names: ['bandPart', '0.5'] },
  { args: [wrong(null), 0, 0], error: 'ArgumentError', names: ['bandPart', 'null'] },
];

function triangle(op: string, x: TensorLike, k: number, lower: boolean): Tensor {
  const tensor = toTensor(op, x);
  matrixShape(op, tensor);
  if (!Number.isInteger(k)) throw new ShapeError(`${op}: the diagonal k must be an integer, got ${k}`);
  return lower ? band(tensor, -Infinity, k) : band(tensor, k, Infinity);
}

/**
 * The matrices in the last two axes with zeros above diagonal `k`, which is counted from the main one upwards.
 * @example
 * tril([[1, 2], [3, 4]]).print(); // [[1, 0], [3, 4]]
 */
export function tril(x: TensorLike, k = 0): SameRank {
  return triangle('tril', x, k, true);
}

/**
 * The matrices in the last two axes with zeros below diagonal `k`, which is counted from the main one upwards.
 * @example
 * triu([[1, 2], [3, 4]]).print(); // [[1, 2], [0, 4]]
 */
export function triu(x: TensorLike, k = 0): SameRank {
  return triangle('triu', x, k, false);
}

const samples: Samples<typeof tril> = ({ uniform, bools }) => [
  [uniform([3, 3])],
  [uniform([2, 3, 4]), 1],
  [uniform([4, 2]), -1],
  [uniform([2, 2]), 5],
  [uniform([2, 0])],
  [bools([2, 2])],
];

/* @__NO_SIDE_EFFECTS__ */
const refused =
  (op: string): BadSamples<typeof tril> =>
  ({ uniform, wrong }) => [
    { args: [uniform([3])], error: 'ShapeError', names: [op, '[3]'] },
    { args: [uniform([2, 2]), 0.5], error: 'ShapeError', names: [op, '0.5'] },
    { args: [wrong(null)], error: 'ArgumentError', names: [op, 'null'] },
  ];

export const trilSamples: Samples<typeof tril> = samples;

export const trilSpace: Space<typeof tril> = (draw) => [draw.tensor(rectangle(draw)), draw.int(-4, 4)];
export const trilBadSamples: BadSamples<typeof tril> = refused('tril');
export const triuSamples: Samples<typeof triu> = samples;

export const triuSpace: Space<typeof triu> = (draw) => [draw.tensor(rectangle(draw)), draw.int(-4, 4)];
export const triuBadSamples: BadSamples<typeof triu> = refused('triu');
