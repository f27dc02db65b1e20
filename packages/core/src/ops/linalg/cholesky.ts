import type { TensorLike } from '../../convert.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { SameRank } from '../../signatures.ts';
import { matrixSpace } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { matrixTransposed } from '../transpose.ts';
import { band } from './bandPart.ts';
import { refusedBySquare, squareOperand, symmetrized } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';
import { triangularSolveOp } from './triangularSolve.ts';

/** Rules by I. Murray, "Differentiation of the Cholesky decomposition" (2016), section 3.1. */
export const choleskyOp: OpFunction<readonly [a: Tensor], NoAttrs, Tensor> = primitive('cholesky', {
  saves: ['y'],
  infer: ([a]) => a,
  host: matrixLoop((n, [a]) => [factorize(a, n)]),
  vjp: (g, _inputs, l) =>
    symmetrized(congruent(l, halved(matMulOp([l, g], { transposeA: true, transposeB: false })), true)),
  jvp: ([t], _inputs, l) =>
    t && matMulOp([l, halved(congruent(l, symmetrized(t), false))], { transposeA: false, transposeB: false }),
});

/** Overwrites a with the Cholesky factor of its symmetric part: NaN where there is none. */
function factorize(a: Float64Array, n: number): Float64Array {
  let definite = true;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = (a[i * n + j] + a[j * n + i]) / 2;
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i === j) definite &&= sum > 0;
      a[i * n + j] = definite ? (i === j ? Math.sqrt(sum) : sum / a[j * n + j]) : Number.NaN;
    }
  }
  for (let i = 0; i < n; i++) {
    if (!definite) a.fill(Number.NaN, i * n, i * n + i + 1);
    a.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return a;
}

/** L⁻¹ X L⁻ᵀ, or L⁻ᵀ X L⁻¹. */
function congruent(l: Tensor, x: Tensor, transpose: boolean): Tensor {
  const attrs = { lower: true, transpose, unitDiagonal: false };
  const left = triangularSolveOp([l, x], attrs);
  return matrixTransposed(triangularSolveOp([l, matrixTransposed(left)], attrs));
}

/** The lower triangle, with half the diagonal. */
function halved(x: Tensor): Tensor {
  return mul(add(band(x, -Infinity, 0), band(x, -Infinity, -1)), 0.5);
}

/**
 * The lower triangular L with L Lᵀ = A, for symmetric positive definite A in the last two axes: NaN where A is not. Of
 * other matrices, the symmetric part is taken.
 * @example
 * cholesky([[4, 2], [2, 5]]).print(); // [[2, 0], [1, 2]]
 */
export function cholesky(x: TensorLike): SameRank {
  return choleskyOp([squareOperand('cholesky', x)], NO_ATTRS);
}

export const choleskySamples: Samples<typeof cholesky> = ({ uniform, spd }) => [
  [spd([3, 3])],
  [spd([2, 2, 2])],
  [spd([1, 1])],
  [uniform([0, 2, 2])],
  [uniform([0, 0])],
];

export const choleskySpace: Space<typeof cholesky> = matrixSpace('spd');

export const choleskyBadSamples: BadSamples<typeof cholesky> = refusedBySquare('cholesky');
