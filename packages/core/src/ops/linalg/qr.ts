import type { TensorLike } from '../../convert.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import { floatOperand } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { rectangle } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { stopGradientOp } from '../alias.ts';
import { divOp, sub } from '../arithmetic.ts';
import { less } from '../comparison.ts';
import { concatOp } from '../concat.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul, neg } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { padded, slicedAlong } from '../slice.ts';
import { matrixTransposed } from '../transpose.ts';
import { select } from '../where.ts';
import { band } from './bandPart.ts';
import { householder } from './householder.ts';
import { identity, matrixShape } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';
import { solveOp } from './solve.ts';
import { triangularSolveOp } from './triangularSolve.ts';

type Factors = readonly [q: Tensor, r: Tensor];

/** The rule is by S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions" (2010). */
export const qrOp: OpFunction<readonly [a: Tensor], NoAttrs, Factors> = primitive('qr', {
  outputs: 2,
  saves: ['y'],
  infer: ([a]) => [a, { shape: [...a.shape.slice(0, -2), ...a.shape.slice(-1), ...a.shape.slice(-1)], dtype: a.dtype }],
  host: matrixLoop((n, [a]) => householder(a, n)),
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

/** The factors of matrices of any shape, R with a non-negative diagonal. */
function factors(a: Tensor, rows: number, columns: number): Factors {
  if (rows >= columns) return qrOp([a], NO_ATTRS);
  // The square part on the left determines Q, which the rest is only seen through.
  const last = a.rank - 1;
  const [q, left] = qrOp([slicedAlong(a, last, 0, rows)], NO_ATTRS);
  const rest = slicedAlong(a, last, rows, columns - rows);
  const right = matMulOp([q, rest], { transposeA: true, transposeB: false });
  return [q, concatOp([left, right], { axis: last })];
}

/**
 * The signs [..., 1, n] by which reflections turn the columns of a Q with a non-negative R: each reflection turns its
 * column away from its diagonal element. G. Ballard et al., "Reconstructing Householder vectors from tall-skinny QR"
 * (2014), algorithm 5.
 */
function reflectionSigns(q: Tensor): Tensor {
  const [row, column] = [q.rank - 2, q.rank - 1];
  const n = q.shape[column];
  const part = (x: Tensor, i: number, j: number): Tensor => {
    const length = (at: number): number => (at === 0 ? 1 : x.shape[column] - 1);
    return slicedAlong(slicedAlong(x, row, i, length(i)), column, j, length(j));
  };
  let rest = stopGradientOp([slicedAlong(q, row, 0, n)], NO_ATTRS);
  if (n === 0) return reshaped(rest, [...q.shape.slice(0, -2), 1, 0]);
  const signs: Tensor[] = [];
  for (let left = n; left > 0; left--) {
    const pivot = part(rest, 0, 0);
    const sign = select(pivot, less(0, pivot), -1, 1);
    signs.push(sign);
    if (left === 1) break;
    const below = divOp(part(rest, 1, 0), sub(pivot, sign));
    rest = sub(part(rest, 1, 1), mul(below, part(rest, 0, 1)));
  }
  return concatOp(signs, { axis: column });
}

/** The product of the reflections that `q` and its signs are the first columns of. Ballard et al., section 3. */
function completed(q: Tensor, signs: Tensor): Tensor {
  const [rows, columns] = matrixShape('qr', q);
  const ones = identity(q, rows);
  const turned = sub(q, mul(signs, slicedAlong(ones, 1, 0, columns)));
  const right = matrixTransposed(mul(turned, signs));
  const left = solveOp([slicedAlong(turned, q.rank - 2, 0, columns), right], NO_ATTRS);
  return add(ones, matMulOp([left, turned], { transposeA: true, transposeB: true }));
}

/**
 * The factors of A = Q R for the matrices in the last two axes, by Householder's reflections: Q has orthonormal columns,
 * as many as the shorter axis, or as there are rows where `fullMatrices`; R is upper triangular. Derivatives need as
 * many independent leading columns as the shorter axis has.
 * @example
 * const [q, r] = qr([[3, 1], [4, 2]]);
 * q.print(); // [[-0.6, 0.8], [-0.8, -0.6]]
 * r.print(); // [[-5, -2.2], [0, -0.4]]
 */
export function qr(x: TensorLike, fullMatrices = false): [q: Tensor, r: Tensor] {
  const a = floatOperand('qr', x);
  const [rows, columns] = matrixShape('qr', a);
  const [q, r] = factors(a, rows, columns);
  const signs = reflectionSigns(q);
  const upper = mul(r, matrixTransposed(signs));
  if (!fullMatrices || rows <= columns) return [mul(q, signs), upper];
  const below = upper.shape.map((_, axis): [number, number] => [0, axis === a.rank - 2 ? rows - columns : 0]);
  return [completed(q, signs), padded(upper, below, 0)];
}

export const qrSamples: Samples<typeof qr> = ({ uniform, dominant, exactly }) => [
  [dominant([3, 3])],
  [dominant([4, 2])],
  [dominant([4, 2]), true],
  [dominant([2, 2, 2])],
  [dominant([2, 6, 3])],
  [dominant([2, 3, 1]), true],
  [dominant([1, 1])],
  [
    exactly([
      [2, 0.3, -0.7, 1],
      [-0.4, 3, 0.6, -1.2],
    ]),
    true,
  ],
  [uniform([0, 3, 2])],
  [uniform([3, 0]), true],
];

export const qrSpace: Space<typeof qr> = (draw) => [draw.dominant(rectangle(draw)), draw.pick(undefined, false, true)];

export const qrBadSamples: BadSamples<typeof qr> = (generator) => [
  ...refusedByUnary('qr')(generator),
  { args: [generator.uniform([3])], error: 'ShapeError', names: ['qr', '[3]'] },
];
