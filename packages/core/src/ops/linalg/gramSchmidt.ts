import { type TensorLike, toTensor } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import { NO_ATTRS } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import { Tensor } from '../../tensor.ts';
import { stack, unstack } from '../concat.ts';
import { matrixTransposed } from '../transpose.ts';
import { qrOp } from './qr.ts';

/** A list for a list, a matrix for a matrix. */
export type Orthonormal<X> = X extends readonly Tensor[] ? Tensor[] : Tensor;

function isList(xs: TensorLike | readonly Tensor[]): xs is readonly Tensor[] {
  return Array.isArray(xs) && xs.every((x) => x instanceof Tensor);
}

/**
 * Orthonormal vectors, each of them the normalised part of one of the given vectors that is orthogonal to those before
 * it: the rows of a matrix, or a list of vectors.
 * @example
 * gramSchmidt([[3, 4], [1, 0]]).print(); // [[0.6, 0.8], [0.8, -0.6]]
 */
export function gramSchmidt<X extends TensorLike | readonly Tensor[]>(xs: X): Orthonormal<X> {
  const list = isList(xs);
  if (list && xs.length === 0) throw new ShapeError('gramSchmidt: the list of vectors is empty');
  const unequal = list ? xs.find((x) => x.rank !== 1 || x.size !== xs[0].size) : undefined;
  if (list && unequal !== undefined) {
    throw new ShapeError(
      `gramSchmidt: vectors of one length are needed, got shapes ${showShape(xs[0].shape)} and ${showShape(unequal.shape)}`,
    );
  }
  const rows = floatOperand('gramSchmidt', list ? stack(xs) : toTensor('gramSchmidt', xs));
  const [count, length] = rows.shape;
  if (rows.rank !== 2 || count > length) {
    throw new ShapeError(
      `gramSchmidt: shape ${showShape(rows.shape)} must be that of a matrix with no more rows than columns`,
    );
  }
  // A triangular factor with a positive diagonal is what the process leaves of the given vectors.
  const found = matrixTransposed(qrOp([matrixTransposed(rows)], NO_ATTRS)[0]);
  return (list ? unstack(found) : found) as Orthonormal<X>;
}

export const gramSchmidtSamples: Samples<typeof gramSchmidt> = ({ uniform, dominant, exactly }) => [
  [dominant([3, 3])],
  [
    exactly([
      [2, 0.3, -0.7],
      [0.4, -1.5, 0.6],
    ]),
  ],
  [[uniform([3], 0.5, 1), uniform([3], -1, -0.5)]],
  [dominant([1, 1])],
  [uniform([0, 2])],
];

export const gramSchmidtSpace: Space<typeof gramSchmidt> = ({ dominant, length, int }) => {
  const n = length(1);
  return [dominant([int(1, n), n])];
};

export const gramSchmidtBadSamples: BadSamples<typeof gramSchmidt> = ({ uniform, wrong }) => [
  { args: [uniform([3, 2])], error: 'ShapeError', names: ['gramSchmidt', '[3,2]'] },
  { args: [[uniform([3]), uniform([2])]], error: 'ShapeError', names: ['gramSchmidt', '[3]', '[2]'] },
  { args: [[]], error: 'ShapeError', names: ['gramSchmidt', 'empty'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['gramSchmidt', 'null'] },
];
