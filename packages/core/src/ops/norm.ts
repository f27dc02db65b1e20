import type { TensorLike } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { floatOperand } from '../promote.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { dropAxes, keepAxes, normalizeAxes, normalizeAxis, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { abs, square } from './arithmetic.ts';
import { equal } from './comparison.ts';
import { sqrt } from './exponential.ts';
import { maxOp, minOp } from './extrema.ts';
import { reshaped } from './reshape.ts';
import { sumOp } from './sum.ts';
import { select } from './where.ts';

/** The order of a norm, in tfjs's names. */
export type NormOrder = number | 'euclidean' | 'fro';

/** The root of the sum of squares, whose derivative at 0 is 0. */
function euclidean(x: Tensor, axes: readonly number[]): Tensor {
  const squared = sumOp([square(x)], { axes });
  const zero = equal(squared, 0);
  return select(squared, zero, 0, sqrt(select(squared, zero, 1, squared)));
}

/** Of a vector: its elements are the entries over all `axes`. */
function vectorNorm(x: Tensor, ord: NormOrder, axes: readonly number[]): Tensor | null {
  if (ord === 'euclidean' || ord === 'fro' || ord === 2) return euclidean(x, axes);
  if (ord === 1) return sumOp([abs(x)], { axes });
  if (ord === Infinity) return maxOp([abs(x)], { axes });
  return ord === -Infinity ? minOp([abs(x)], { axes }) : null;
}

/** Of a matrix: the extreme sum of the absolute values of a column or a row, or the Frobenius norm. */
function matrixNorm(x: Tensor, ord: NormOrder, [row, column]: readonly number[]): Tensor | null {
  if (ord === 'euclidean' || ord === 'fro')
    return euclidean(
      x,
      [row, column].sort((a, b) => a - b),
    );
  const extreme = ord === -Infinity ? minOp : ord === 1 || ord === Infinity ? maxOp : null;
  if (extreme === null) return null;
  const [summed, rest] = ord === 1 ? [row, column] : [column, row];
  const sums = sumOp([abs(x)], { axes: [summed] });
  return extreme([sums], { axes: [rest > summed ? rest - 1 : rest] });
}

function normAlong(op: string, x: TensorLike, ord: NormOrder, axis: Axis | undefined, keepDims: boolean): Tensor {
  const tensor = floatOperand(op, x);
  const all = axis === undefined || axis === null;
  const axes = all
    ? normalizeAxes(op, axis, tensor.shape)
    : [axis].flat().map((one: number) => normalizeAxis(op, one, tensor.shape));
  if (!all && (axes.length === 0 || axes.length > 2 || new Set(axes).size !== axes.length)) {
    throw new ShapeError(`${op}: axis ${JSON.stringify(axis)} must be one axis or two of ${showShape(tensor.shape)}`);
  }
  const y = all || axes.length === 1 ? vectorNorm(tensor, ord, axes) : matrixNorm(tensor, ord, axes);
  if (y === null) {
    throw new ArgumentError(`${op}: ord ${String(ord)} has no norm over ${axes.length === 2 ? 'matrices' : 'vectors'}`);
  }
  return reshaped(y, keepDims ? keepAxes(tensor.shape, axes) : dropAxes(tensor.shape, axes));
}

type Axis = number | readonly number[] | null;

/**
 * Norm of the vectors along one axis, the matrices along two, or all elements as one vector. `ord` is 'euclidean' (for
 * matrices the Frobenius norm, 'fro'), 1, Infinity or -Infinity, for vectors also 2. The derivative of a root at 0 is 0.
 * @example
 * norm([3, -4]).print(); // 5
 */
export function norm(x: TensorLike, ord: NormOrder = 'euclidean', axis?: Axis, keepDims = false): Tensor {
  return normAlong('norm', x, ord, axis, keepDims);
}

/**
 * Root of the sum of squares over one axis, two axes or all of them.
 * @example
 * euclideanNorm([[3, 4], [0, 0]], 1).print(); // [5, 0]
 */
export function euclideanNorm(x: TensorLike, axis?: Axis, keepDims = false): Tensor {
  return normAlong('euclideanNorm', x, 'euclidean', axis, keepDims);
}

export const normSamples: Samples<typeof norm> = ({ distinct, awayFromZero, indices, uniform }) => [
  [awayFromZero([2, 3])],
  [awayFromZero([2, 3, 4]), 2, 1],
  [distinct([2, 3]), 1, -1, true],
  [distinct([5]), Infinity],
  [distinct([2, 3]), -Infinity, 0],
  [distinct([2, 3, 4]), 1, [0, 2]],
  [distinct([2, 3, 4]), Infinity, [2, 0], true],
  [distinct([2, 3]), -Infinity, [0, 1]],
  [awayFromZero([2, 3, 4]), 'fro', [1, -1]],
  [indices([4], 9)],
  [awayFromZero([]), 1],
  [uniform([0, 2]), 'euclidean', 1],
];

export const normSpace: Space<typeof norm> = ({ distinct, shape, axis, order, pick }) => {
  const lengths = shape(0, 3);
  const rank = lengths.length;
  const pair = order(rank)
    .slice(0, 2)
    .map((i) => i - pick(0, rank));
  const ord = pick('euclidean', 'fro', 1, 2, Infinity, -Infinity);
  return [distinct(lengths), ord, pick(undefined, null, axis(rank), axis(rank), pair), pick(false, true)];
};

export const euclideanNormSamples: Samples<typeof euclideanNorm> = ({ awayFromZero, indices, uniform }) => [
  [awayFromZero([2, 3, 4]), 1],
  [awayFromZero([2, 3, 4]), [2, 0], true],
  [awayFromZero([2, 3])],
  [indices([2, 3], 5), -1],
  [awayFromZero([])],
  [uniform([0, 2]), 1],
];

export const euclideanNormSpace: Space<typeof euclideanNorm> = ({ awayFromZero, shape, axis, order, pick }) => {
  const lengths = shape(0, 3);
  const rank = lengths.length;
  const pair = order(rank).slice(0, 2);
  return [awayFromZero(lengths), pick(undefined, null, axis(rank), axis(rank), pair), pick(false, true)];
};

export const normBadSamples: BadSamples<typeof norm> = ({ uniform, wrong }) => [
  { args: [uniform([3]), 3], error: 'ArgumentError', names: ['norm', '3', 'vectors'] },
  { args: [uniform([2, 3]), 2, [0, 1]], error: 'ArgumentError', names: ['norm', '2', 'matrices'] },
  { args: [uniform([2, 3]), 1, [0, 0]], error: 'ShapeError', names: ['norm', '[0,0]', '[2,3]'] },
  { args: [uniform([2, 3]), 1, 2], error: 'ShapeError', names: ['norm', '2', '[2,3]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['norm', 'null'] },
];

export const euclideanNormBadSamples: BadSamples<typeof euclideanNorm> = refusedByAxis('euclideanNorm');
