import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { alias } from '../dispatch.ts';
import { ArgumentError } from '../errors.ts';
import { refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { Tensor } from '../tensor.ts';
import { reshaped } from './reshape.ts';
import { padOp } from './slice.ts';
import { broadcasted } from './sum.ts';

/**
 * A tensor with the axes of `x` twice, which holds `x` where both positions agree and 0 elsewhere: of a vector, the matrix
 * with that diagonal.
 * @example
 * diag([1, 2]).print(); // [[1, 0], [0, 2]]
 */
export function diag(x: TensorLike): Tensor {
  const tensor = toTensor('diag', x);
  const { size, shape } = tensor;
  // In the flattened matrix there are as many zeros between two elements of the diagonal as there are elements.
  const spread = padOp([reshaped(tensor, [size])], { low: [0], high: [0], interior: [size] });
  return reshaped(spread, [...shape, ...shape]);
}

export const diagSamples: Samples<typeof diag> = ({ uniform, indices, bools }) => [
  [uniform([3])],
  [uniform([2, 2])],
  [uniform([1])],
  [uniform([])],
  [uniform([0])],
  [indices([3], 9)],
  [bools([2])],
];

export const diagSpace: Space<typeof diag> = ({ tensor, shape }) => [tensor(shape(0, 2))];

export const diagBadSamples: BadSamples<typeof diag> = refusedByUnary('diag');

/** How the axes of `meshgrid` are ordered. */
export interface MeshgridOptions {
  /** 'xy': the first vector runs along the columns; 'ij': along the rows. */
  readonly indexing?: 'xy' | 'ij';
}

/**
 * The coordinates of all points of a grid: for each vector a matrix that repeats it along the other one's axis.
 * @example
 * meshgrid([1, 2, 3], [4, 5])[1].print(); // [[4, 4, 4], [5, 5, 5]]
 */
export function meshgrid(x?: TensorLike, y?: TensorLike, { indexing = 'xy' }: MeshgridOptions = {}): Tensor[] {
  if (indexing !== 'xy' && indexing !== 'ij') {
    throw new ArgumentError(`meshgrid: unknown indexing ${String(indexing)}; use 'xy' or 'ij'`);
  }
  if (x === undefined) return [];
  if (y === undefined) return [alias(flat(toTensor('meshgrid', x)))];
  const backend = backendOf([x, y]);
  const [a, b] = [x, y].map((v) => flat(toTensor('meshgrid', v, backend)));
  const grid = (v: Tensor, down: boolean): Tensor => {
    const shape = indexing === 'xy' ? [b.size, a.size] : [a.size, b.size];
    return broadcasted(reshaped(v, down ? [v.size, 1] : [1, v.size]), shape);
  };
  return [grid(a, indexing === 'ij'), grid(b, indexing === 'xy')];
}

function flat(x: Tensor): Tensor {
  return reshaped(x, [x.size]);
}

export const meshgridSamples: Samples<typeof meshgrid> = ({ uniform, indices }) => [
  [uniform([3]), uniform([2])],
  [uniform([3]), uniform([2]), { indexing: 'ij' }],
  [uniform([]), uniform([2])],
  [uniform([0]), uniform([2])],
  [indices([3], 9), uniform([1])],
  [],
];

export const meshgridSpace: Space<typeof meshgrid> = ({ uniform, length, pick }) =>
  pick(
    [uniform([length()]), uniform([length()])],
    [uniform([length()]), uniform([]), { indexing: 'xy' }],
    [uniform([length()]), uniform([length()]), { indexing: 'ij' }],
    [uniform([length()])],
  );

export const meshgridBadSamples: BadSamples<typeof meshgrid> = ({ uniform, wrong }) => [
  { args: [uniform([2]), uniform([2]), { indexing: wrong('yx') }], error: 'ArgumentError', names: ['meshgrid', 'yx'] },
  { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: ['meshgrid', 'null'] },
];
