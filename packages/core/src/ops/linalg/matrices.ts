import type { TensorLike } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { allocate } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import { floatOperand, operands } from '../../promote.ts';
import type { BadSamples } from '../../sampling.ts';
import { broadcastShapes, showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { broadcasted } from '../sum.ts';
import { matrixTransposed } from '../transpose.ts';

/** The lengths of the last two axes. Throws `ShapeError` where there are fewer. */
export function matrixShape(op: string, x: Tensor): [rows: number, columns: number] {
  if (x.rank < 2) throw new ShapeError(`${op}: shape ${showShape(x.shape)} must have at least two axes`);
  return [x.shape[x.rank - 2], x.shape[x.rank - 1]];
}

/** The argument as floats. Throws `ShapeError` unless its last two axes are equally long. */
export function squareOperand(op: string, x: TensorLike): Tensor {
  return checkSquare(op, floatOperand(op, x));
}

function checkSquare(op: string, a: Tensor): Tensor {
  const [rows, columns] = matrixShape(op, a);
  if (rows !== columns) throw new ShapeError(`${op}: matrices of shape ${showShape(a.shape)} are not square`);
  return a;
}

/**
 * Solves A X = B by `apply` for batches that broadcast against each other, and for one vector as for a matrix of one
 * column.
 */
export function solved(op: string, a: TensorLike, b: TensorLike, apply: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const [left, right] = operands(op, [a, b], 'float');
  const [n] = matrixShape(op, checkSquare(op, left));
  const columns = right.rank === 1 ? reshaped(right, [right.size, 1]) : right;
  const [rows, count] = matrixShape(op, columns);
  if (rows !== n) {
    throw new ShapeError(
      `${op}: shapes ${showShape(left.shape)} and ${showShape(right.shape)} have ${n} and ${rows} rows`,
    );
  }
  const batch = broadcastShapes(op, left.shape.slice(0, -2), columns.shape.slice(0, -2));
  const x = apply(broadcasted(left, [...batch, n, n]), broadcasted(columns, [...batch, n, count]));
  return right.rank === 1 ? reshaped(x, x.shape.slice(0, -1)) : x;
}

/** The matrix of one dtype and backend with `like` that has ones on the diagonal. */
export function identity(like: Tensor, n: number): Tensor {
  const data = allocate(like.dtype, n * n);
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1;
  return hostTensor('eye', like.backend, data, [n, n], like.dtype);
}

/** (X + Xᵀ) / 2. */
export function symmetrized(x: Tensor): Tensor {
  return mul(add(x, matrixTransposed(x)), 0.5);
}

/** What every function of square matrices refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedBySquare(op: string): BadSamples<(x: TensorLike) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3])], error: 'ShapeError', names: [op, '[2,3]'] },
    { args: [uniform([3])], error: 'ShapeError', names: [op, '[3]'] },
    { args: [wrong(null)], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

/** What every function that solves A X = B refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedBySolver(op: string): BadSamples<(a: TensorLike, b: TensorLike) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), uniform([2, 1])], error: 'ShapeError', names: [op, '[2,3]'] },
    { args: [uniform([2]), uniform([2, 1])], error: 'ShapeError', names: [op, '[2]'] },
    { args: [uniform([2, 2]), uniform([3, 1])], error: 'ShapeError', names: [op, '[2,2]', '[3,1]'] },
    { args: [uniform([2, 2]), uniform([3])], error: 'ShapeError', names: [op, '[2,2]', '[3]'] },
    { args: [uniform([2, 2]), uniform([])], error: 'ShapeError', names: [op, '[]'] },
    { args: [uniform([2, 2, 2]), uniform([3, 2, 1])], error: 'ShapeError', names: [op, '[2]', '[3]'] },
    { args: [wrong(null), uniform([2, 1])], error: 'ArgumentError', names: [op, 'null'] },
    { args: [uniform([2, 2]), wrong(undefined)], error: 'ArgumentError', names: [op, 'undefined'] },
  ];
}
