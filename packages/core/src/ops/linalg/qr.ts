import type { TensorLike } from '../../convert.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import { floatOperand } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { concatOp } from '../concat.ts';
import { matMulOp } from '../matMul.ts';
import { add, neg } from '../pointwise.ts';
import { slicedAlong } from '../slice.ts';
import { matrixTransposed } from '../transpose.ts';
import { band } from './bandPart.ts';
import { matrixShape } from './matrices.ts';
import { triangularSolveOp } from './triangularSolve.ts';

type Factors = readonly [q: Tensor, r: Tensor];

/** The rule is by S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions" (2010). */
export const qrOp: OpFunction<readonly [a: Tensor], NoAttrs, Factors> = primitive('qr', {
  outputs: 2,
  saves: ['y'],
  infer: ([a]) => [a, { shape: [...a.shape.slice(0, -2), ...a.shape.slice(-1), ...a.shape.slice(-1)], dtype: a.dtype }],
  vjp([gq, gr], _inputs, [q, r]) {
    const byR = gr && matMulOp([r, gr], { transposeA: false, transposeB: true });
    const byQ = gq && neg(matMulOp([gq, q], { transposeA: true, transposeB: false }));
    const inner = byR && byQ ? add(byR, byQ) : (byR ?? byQ);
    if (inner === null) return [null];
    const even = add(band(inner, -Infinity, 0), matrixTransposed(band(inner, -Infinity, -1)));
    const turned = matMulOp([q, even], { transposeA: false, transposeB: false });
    const whole = matrixTransposed(gq ? add(gq, turned) : turned);
    return matrixTransposed(triangularSolveOp([r, whole], { lower: false, transpose: false, unitDiagonal: false }));
  },
});

/**
 * The factors of A = Q R for the matrices in the last two axes: Q has orthonormal columns, as many as the shorter axis;
 * R is upper triangular with a non-negative diagonal. Derivatives need that many leading columns to be independent.
 * @example
 * qr([[0, 2], [1, 0]])[1].print(); // [[1, 0], [0, 2]]
 */
export function qr(x: TensorLike): [q: Tensor, r: Tensor] {
  const a = floatOperand('qr', x);
  const [rows, columns] = matrixShape('qr', a);
  if (rows >= columns) {
    const [q, r] = qrOp([a], NO_ATTRS);
    return [q, r];
  }
  // The square part on the left determines Q, which the rest is only seen through.
  const last = a.rank - 1;
  const [q, left] = qrOp([slicedAlong(a, last, 0, rows)], NO_ATTRS);
  const rest = slicedAlong(a, last, rows, columns - rows);
  const right = matMulOp([q, rest], { transposeA: true, transposeB: false });
  return [q, concatOp([left, right], { axis: last })];
}

export const qrSamples: Samples<typeof qr> = ({ uniform, dominant, exactly }) => [
  [dominant([3, 3])],
  [dominant([4, 2])],
  [dominant([2, 2, 2])],
  [dominant([2, 6, 3])],
  [dominant([1, 1])],
  [
    exactly([
      [2, 0.3, -0.7, 1],
      [-0.4, 3, 0.6, -1.2],
    ]),
  ],
  [uniform([0, 3, 2])],
  [uniform([3, 0])],
];

export const qrBadSamples: BadSamples<typeof qr> = (generator) => [
  ...refusedByUnary('qr')(generator),
  { args: [generator.uniform([3])], error: 'ShapeError', names: ['qr', '[3]'] },
];
