import type { TensorLike } from '../../convert.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { SameRank } from '../../signatures.ts';
import { matrixSpace } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { matMulOp } from '../matMul.ts';
import { add, neg } from '../pointwise.ts';
import { broadcasted } from '../sum.ts';
import { matrixTransposed } from '../transpose.ts';
import { eliminate, substitute } from './elimination.ts';
import { identity, refusedBySolver, refusedBySquare, solved, squareOperand } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';

export const solveOp: OpFunction<readonly [a: Tensor, b: Tensor], NoAttrs, Tensor> = primitive('solve', {
  saves: [0, 'y'],
  infer: ([, b]) => b,
  host: matrixLoop((n, [a, b]) => {
    const { order } = eliminate(a, n);
    const m = b.length / n;
    const x = new Float64Array(b.length);
    for (let i = 0; i < n; i++) x.set(b.subarray(order[i] * m, (order[i] + 1) * m), i * m);
    substitute(a, n, 1, x, n, true, true);
    substitute(a, n, 1, x, n, false, false);
    return [x];
  }),
  vjp(g, [a], x, _attrs, needs) {
    const gb = solveOp([matrixTransposed(a), g], NO_ATTRS);
    return [needs[0] ? neg(matMulOp([gb, x], { transposeA: false, transposeB: true })) : null, gb];
  },
  jvp([ta, tb], [a], x) {
    const moved = ta && neg(matMulOp([ta, x], { transposeA: false, transposeB: false }));
    const right = moved && tb ? add(moved, tb) : (moved ?? tb);
    return right && solveOp([a, right], NO_ATTRS);
  },
});

/** The inverses of matrices. For rules. */
export function inverse(a: Tensor): Tensor {
  return solveOp([a, broadcasted(identity(a, a.shape[a.rank - 1]), a.shape)], NO_ATTRS);
}

/**
 * X with A X = B, for square A [..., n, n] and B [..., n, m] or one vector [n]; the batches broadcast. Not finite where
 * A is singular.
 * @example
 * solve([[2, 0], [1, 4]], [2, 9]).print(); // [1, 2]
 */
export function solve(a: TensorLike, b: TensorLike): Tensor {
  return solved('solve', a, b, (x, y) => solveOp([x, y], NO_ATTRS));
}

export const solveSamples: Samples<typeof solve> = ({ uniform, dominant }) => [
  [dominant([3, 3]), uniform([3, 2])],
  [dominant([2, 2, 2]), uniform([2, 2, 1])],
  [dominant([2, 2]), uniform([3, 2, 2])],
  [dominant([2, 1, 2, 2]), uniform([3, 2, 1])],
  [dominant([3, 3]), uniform([3])],
  [dominant([1, 1]), uniform([1, 1])],
  [uniform([0, 2, 2]), uniform([0, 2, 1])],
  [uniform([0, 0]), uniform([0, 2])],
];

export const solveSpace: Space<typeof solve> = (draw) => {
  const { dominant, uniform, shape, narrowed, length, pick } = draw;
  const [batch, n, columns] = [shape(0, 2), length(), length()];
  return [dominant([...narrowed(batch), n, n]), uniform([...pick(batch, narrowed(batch)), n, columns], -1, 1)];
};

export const solveBadSamples: BadSamples<typeof solve> = refusedBySolver('solve');

/**
 * The inverses of the matrices in the last two axes. To solve equations, `solve` is faster and more accurate.
 * @example
 * inv([[2, 0], [0, 4]]).print(); // [[0.5, 0], [0, 0.25]]
 */
export function inv(x: TensorLike): SameRank {
  return inverse(squareOperand('inv', x));
}

export const invSamples: Samples<typeof inv> = ({ uniform, dominant }) => [
  [dominant([3, 3])],
  [dominant([2, 2, 2])],
  [dominant([1, 1])],
  [uniform([0, 2, 2])],
  [uniform([0, 0])],
];

export const invSpace: Space<typeof inv> = matrixSpace('dominant');

export const invBadSamples: BadSamples<typeof inv> = refusedBySquare('inv');
