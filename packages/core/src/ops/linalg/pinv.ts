import type { TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../../op/op.ts';
import { floatOperand, operands } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import { rectangle } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { reciprocal, sub } from '../arithmetic.ts';
import { less } from '../comparison.ts';
import { matMul, matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { slicedAlong } from '../slice.ts';
import { matrixTransposed } from '../transpose.ts';
import { select } from '../where.ts';
import { identity, matrixShape } from './matrices.ts';
import { svdOp } from './svd.ts';

/** Attributes of `pinv`: singular values up to this share of the largest count as 0. */
export interface Pinv {
  readonly rcond: number;
}

/**
 * The rule, which needs no singular value but 0 to be simple, is by G. Golub and V. Pereyra, "The differentiation of
 * pseudo-inverses and nonlinear least squares problems whose variables separate" (1973).
 */
export const pinvOp: OpFunction<readonly [a: Tensor], Pinv, Tensor> = composite('pinv', {
  saves: [0, 'y'],
  infer: ([{ shape, dtype }]) => ({
    shape: [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]],
    dtype,
  }),
  compose([a], { rcond }) {
    const [u, s, vh] = svdOp([a], NO_ATTRS);
    if (s.size === 0) return matrixTransposed(a);
    const zero = less(mul(slicedAlong(s, s.rank - 1, 0, 1), rcond), s);
    const inverses = select(s, zero, reciprocal(select(s, zero, s, 1)), 0);
    return times(vh, mul(reshaped(inverses, [...s.shape, 1]), matrixTransposed(u)), true);
  },
  vjp(g, [a], p) {
    const [left, right] = complements(a, p);
    const back = matrixTransposed(g);
    const inside = times(times(p, g, true), p, false, true);
    const byRows = times(times(left, back), times(p, p, false, true));
    const byColumns = times(times(times(p, p, true), back), right);
    return sub(add(byRows, byColumns), inside);
  },
  jvp([t], [a], p) {
    if (!t) return null;
    const [left, right] = complements(a, p);
    const back = matrixTransposed(t);
    const byRows = times(times(p, times(p, back, true)), left);
    const byColumns = times(times(right, back), times(p, p, true));
    return sub(add(byRows, byColumns), times(p, times(t, p)));
  },
});

function times(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return matMulOp([a, b], { transposeA, transposeB });
}

/** I - A A⁺ and I - A⁺ A. */
function complements(a: Tensor, p: Tensor): [Tensor, Tensor] {
  const [rows, columns] = matrixShape('pinv', a);
  return [sub(identity(a, rows), times(a, p)), sub(identity(a, columns), times(p, a))];
}

function pseudoInverse(op: string, a: Tensor, rcond: number | undefined): Tensor {
  const [rows, columns] = matrixShape(op, a);
  const smallest = rcond ?? Math.max(rows, columns) * (a.dtype === 'float64' ? 2 ** -52 : 2 ** -23) * 10;
  if (!(smallest >= 0)) throw new ArgumentError(`${op}: rcond must not be negative, got ${smallest}`);
  return pinvOp([a], { rcond: smallest });
}

/**
 * The pseudo-inverses of the matrices in the last two axes. Singular values up to `rcond` times the largest count as 0
 * (default: ten times the longer axis times the dtype's precision). The derivatives are those at constant rank.
 * @example
 * pinv([[2, 0], [0, 0]]).print(); // [[0.5, 0], [0, 0]]
 */
export function pinv(x: TensorLike, rcond?: number): Tensor {
  return pseudoInverse('pinv', floatOperand('pinv', x), rcond);
}

/**
 * The X of smallest norm among those that make that of A X - B smallest, for A [..., m, n] and B [..., m, k] or one
 * vector [m]. `rcond` is that of `pinv`.
 * @example
 * lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).print(); // [1, 2]
 */
export function lstsq(a: TensorLike, b: TensorLike, rcond?: number): Tensor {
  const [left, right] = operands('lstsq', [a, b], 'float');
  const [rows] = matrixShape('lstsq', left);
  const columns = right.rank === 1 ? reshaped(right, [right.size, 1]) : right;
  if (matrixShape('lstsq', columns)[0] !== rows) {
    throw new ShapeError(
      `lstsq: shapes ${showShape(left.shape)} and ${showShape(right.shape)} must have equally many rows`,
    );
  }
  const x = matMul(pseudoInverse('lstsq', left, rcond), columns);
  return right.rank === 1 ? reshaped(x, x.shape.slice(0, -1)) : x;
}

export const pinvSamples: Samples<typeof pinv> = ({ uniform, dominant, exactly }) => [
  [dominant([3, 3])],
  [dominant([2, 4, 2])],
  [
    exactly([
      [2, 0.3, -0.7],
      [0.4, -1.5, 0.6],
    ]),
  ],
  [dominant([1, 1]), 0.1],
  [uniform([0, 2, 2])],
  [uniform([3, 0])],
];

export const pinvSpace: Space<typeof pinv> = (draw) => [draw.dominant(rectangle(draw)), draw.pick(undefined, 0.01)];

export const pinvBadSamples: BadSamples<typeof pinv> = (generator) => [
  ...refusedByUnary('pinv')(generator),
  { args: [generator.uniform([3])], error: 'ShapeError', names: ['pinv', '[3]'] },
  { args: [generator.uniform([2, 2]), -1], error: 'ArgumentError', names: ['pinv', '-1'] },
];

export const lstsqSamples: Samples<typeof lstsq> = ({ uniform, dominant, exactly }) => [
  [dominant([4, 2]), uniform([4, 2])],
  [
    exactly([
      [2, 0.3, -0.7],
      [0.4, -1.5, 0.6],
    ]),
    uniform([2]),
  ],
  [dominant([3, 3]), uniform([2, 3, 1])],
];

export const lstsqSpace: Space<typeof lstsq> = (draw) => {
  const { dominant, uniform, shape, length, pick } = draw;
  const [batch, m, n] = [shape(0, 1), length(1), length(1)];
  return [dominant([...batch, m, n]), uniform([...batch, m, length()], -1, 1), pick(undefined, 0.01)];
};

export const lstsqBadSamples: BadSamples<typeof lstsq> = ({ uniform, wrong }) => [
  { args: [uniform([3, 2]), uniform([2])], error: 'ShapeError', names: ['lstsq', '[3,2]', '[2]'] },
  { args: [uniform([3]), uniform([3])], error: 'ShapeError', names: ['lstsq', '[3]'] },
  { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: ['lstsq', 'null'] },
];
