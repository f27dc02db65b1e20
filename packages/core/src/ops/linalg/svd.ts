import type { TensorLike } from '../../convert.ts';
import { composite } from '../../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { divOp, sub } from '../arithmetic.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { reverseOp } from '../reverse.ts';
import { padded, slicedAlong } from '../slice.ts';
import { matrixTransposed } from '../transpose.ts';
import { eighOp, inverseGaps } from './eigh.ts';
import { identity, matrixShape } from './matrices.ts';
import { qrOp } from './qr.ts';

type Factors = readonly [u: Tensor, s: Tensor, vh: Tensor];

/** The rule is by J. Townsend, "Differentiating the singular value decomposition" (2016). */
export const svdOp: OpFunction<readonly [a: Tensor], NoAttrs, Factors> = composite('svd', {
  outputs: 3,
  saves: ['y'],
  infer([{ shape, dtype }]) {
    const batch = shape.slice(0, -2);
    const [rows, columns] = shape.slice(-2);
    const count = Math.min(rows, columns);
    return [
      [...batch, rows, count],
      [...batch, count],
      [...batch, count, columns],
    ].map((of) => ({ shape: of, dtype }));
  },
  compose([a]) {
    const [rows, columns] = matrixShape('svd', a);
    if (rows < columns) {
      const [u, s, vh] = svdOp([matrixTransposed(a)], NO_ATTRS);
      return [matrixTransposed(vh), s, matrixTransposed(u)];
    }
    if (rows === columns) return squareSvd(a);
    const [q, r] = qrOp([a], NO_ATTRS);
    const [u, s, vh] = svdOp([r], NO_ATTRS);
    return [times(q, u), s, vh];
  },
  vjp([gu, gs, gvh], _inputs, [u, s, vh]) {
    const [row, column] = [asRow(s), reshaped(s, [...s.shape, 1])];
    const gaps = (gu || gvh) && inverseGaps(mul(s, s));
    const byU = gu && gaps && mul(mul(gaps, skew(times(u, gu, true))), row);
    const byV = gvh && gaps && mul(column, mul(gaps, skew(times(vh, gvh, false, true))));
    const byS = gs && mul(identity(gs, s.shape[s.rank - 1]), asRow(gs));
    const inner = [byU, byS, byV].reduce(sum, null);
    if (inner === null) return null;
    const within = times(times(u, inner), vh);
    const leftOver = gu && times(divOp(sub(gu, times(u, times(u, gu, true))), row), vh);
    const rightOver = gvh && times(u, divOp(sub(gvh, times(times(gvh, vh, false, true), vh)), column));
    return [within, leftOver, rightOver].reduce(sum, null);
  },
});

function times(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return matMulOp([a, b], { transposeA, transposeB });
}

function sum(a: Tensor | null, b: Tensor | null): Tensor | null {
  return a && b ? add(a, b) : (a ?? b);
}

function skew(x: Tensor): Tensor {
  return sub(x, matrixTransposed(x));
}

function asRow(s: Tensor): Tensor {
  return reshaped(s, [...s.shape.slice(0, -1), 1, s.shape[s.rank - 1]]);
}

/**
 * From the eigenvectors [u; v] / sqrt(2) of [[0, A], [Aᵀ, 0]], whose eigenvalues are the singular values and their
 * negatives. Those of 0 are any in their space, so that they are made orthonormal last.
 */
function squareSvd(a: Tensor): Factors {
  const [rowAxis, axis] = [a.rank - 2, a.rank - 1];
  const n = a.shape[axis];
  const around = (low: boolean): [number, number][] =>
    a.shape.map((_, i) => (i < rowAxis ? [0, 0] : low === (i === rowAxis) ? [n, 0] : [0, n]));
  const [w, z] = eighOp([add(padded(a, around(false), 0), padded(matrixTransposed(a), around(true), 0))], NO_ATTRS);
  const largest = reverseOp([slicedAlong(z, axis, n, n)], { axes: [axis] });
  const half = (begin: number): Tensor => qrOp([mul(slicedAlong(largest, rowAxis, begin, n), Math.SQRT2)], NO_ATTRS)[0];
  const s = reverseOp([slicedAlong(w, w.rank - 1, n, n)], { axes: [w.rank - 1] });
  return [half(0), s, matrixTransposed(half(n))];
}

/**
 * The singular value decomposition A = U diag(s) Vᵀ of the matrices in the last two axes, as [U, s, Vᵀ]: `s` descending,
 * U and V with as many orthonormal columns as the shorter axis is long. The derivatives of U and V need singular values
 * that differ from each other and from 0; those of `s` do not.
 * @example
 * const [u, s, vh] = svd([[0, 3], [2, 0]]);
 * s.print(); // [3, 2]
 * matMul(u, mul(s.reshape([2, 1]), vh)).print(); // [[0, 3], [2, 0]]
 */
export function svd(x: TensorLike): [u: Tensor, s: Tensor, vh: Tensor] {
  const a = floatOperand('svd', x);
  matrixShape('svd', a);
  const [u, s, vh] = svdOp([a], NO_ATTRS);
  return [u, s, vh];
}

export const svdSamples: Samples<typeof svd> = ({ uniform, spd, exactly }) => [
  [spd([3, 3])],
  [
    exactly([
      [2, 0.3],
      [-0.4, 1],
      [0.5, 0.7],
    ]),
  ],
  [
    exactly([
      [
        [2, 0.3, 0.5],
        [-0.4, 1, 0.7],
      ],
    ]),
  ],
  [spd([1, 1])],
  [uniform([0, 2, 2])],
  [uniform([3, 0])],
];

export const svdSpace: Space<typeof svd> = ({ spd, dominant, shape, length, pick }) => {
  const [batch, n] = [shape(0, 1), length()];
  return [pick(spd([...batch, n, n]), dominant([...batch, length(), 1]), dominant([...batch, 1, length()]))];
};

export const svdBadSamples: BadSamples<typeof svd> = (generator) => [
  ...refusedByUnary('svd')(generator),
  { args: [generator.uniform([3])], error: 'ShapeError', names: ['svd', '[3]'] },
];
