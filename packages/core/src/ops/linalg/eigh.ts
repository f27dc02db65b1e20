import type { TensorLike } from '../../convert.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { matrixSpace } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { reciprocal, sub } from '../arithmetic.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { diagonalOf } from './diagonal.ts';
import { eigenvectors } from './eigenvectors.ts';
import { identity, refusedBySquare, squareOperand, symmetrized } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';

type Eigen = readonly [w: Tensor, v: Tensor];

/** Rules by M. Giles, "Collected matrix derivative results for forward and reverse mode" (2008), section 3.1. */
export const eighOp: OpFunction<readonly [a: Tensor], NoAttrs, Eigen> = primitive('eigh', {
  outputs: 2,
  saves: ['y'],
  infer: ([a]) => [{ shape: a.shape.slice(0, -1), dtype: a.dtype }, a],
  host: matrixLoop((n, [a]) => eigenvectors(a, n)),
  vjp([gw, gv], _inputs, [w, v]) {
    const byValues = gw && mul(identity(gw, w.shape[w.rank - 1]), asRow(gw));
    const byVectors = gv && mul(inverseGaps(w), times(v, gv, true));
    const inner = byValues && byVectors ? add(byValues, byVectors) : (byValues ?? byVectors);
    return [inner && symmetrized(times(times(v, inner), v, false, true))];
  },
  jvp([t], _inputs, [w, v]) {
    if (!t) return null;
    const inner = times(v, times(symmetrized(t), v), true);
    return [diagonalOf(inner), times(v, mul(inverseGaps(w), inner))];
  },
});

function times(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return matMulOp([a, b], { transposeA, transposeB });
}

function asRow(w: Tensor): Tensor {
  return reshaped(w, [...w.shape.slice(0, -1), 1, w.shape[w.rank - 1]]);
}

/** 1 / (wⱼ - wᵢ) off the diagonal and 0 on it, where the gap is made 1 first so that its derivatives stay finite. */
export function inverseGaps(w: Tensor): Tensor {
  const ones = identity(w, w.shape[w.rank - 1]);
  const gaps = sub(asRow(w), reshaped(w, [...w.shape, 1]));
  return mul(reciprocal(add(gaps, ones)), sub(1, ones));
}

/**
 * Eigenvalues, ascending, and eigenvectors (the columns) of the symmetric matrices in the last two axes. The derivatives
 * of the vectors are not finite where values coincide.
 * @example
 * eigh([[2, 0], [0, 1]])[0].print(); // [1, 2]
 */
export function eigh(x: TensorLike): [w: Tensor, v: Tensor] {
  const [w, v] = eighOp([squareOperand('eigh', x)], NO_ATTRS);
  return [w, v];
}

export const eighSamples: Samples<typeof eigh> = ({ uniform, spd }) => [
  [spd([3, 3])],
  [spd([2, 2, 2])],
  [spd([4, 4])],
  [spd([1, 1])],
  [uniform([0, 2, 2])],
  [uniform([0, 0])],
];

export const eighSpace: Space<typeof eigh> = matrixSpace('spd');

export const eighBadSamples: BadSamples<typeof eigh> = refusedBySquare('eigh');
