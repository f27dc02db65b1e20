import type { TensorLike } from '../../convert.ts';
import { zerosLike } from '../../create/host.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import { floatOperand } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { sub } from '../arithmetic.ts';
import { concatOp } from '../concat.ts';
import { matMulOp } from '../matMul.ts';
import { add } from '../pointwise.ts';
import { slicedAlong } from '../slice.ts';
import { matrixTransposed } from '../transpose.ts';
import { band } from './bandPart.ts';
import { matrixShape } from './matrices.ts';
import { triangularSolveOp } from './triangularSolve.ts';

type Factors = readonly [q: Tensor, r: Tensor];

/** The rule is by S. Walter and others, "Algorithmic differentiation of the QR decomposition" (2012). */
export const qrOp: OpFunction<readonly [a: Tensor], NoAttrs, Factors> = primitive('qr', {
  outputs: 2,
  saves: ['y'],
  infer: ([a]) => [a, { shape: [...a.shape.slice(0, -2), ...a.shape.slice(-1), ...a.shape.slice(-1)], dtype: a.dtype }],
  vjp([gq, gr], _inputs, [q, r]) {
    const byR = gr && matMulOp([r, gr], { transposeA: false, transposeB: true });
    const byQ = gq && matMulOp([gq, q], { transposeA: true, transposeB: false });
    const inner = byR && byQ ? sub(byR, byQ) : (byR ?? (byQ && sub(zerosLike(byQ), byQ)));
    if (inner === null) return null;
    const strict = band(inner, -Infinity, -1);
    const even = add(band(inner, -Infinity, 0), matrixTransposed(strict));
    const turned = matMulOp([q, even], { transposeA: false, transposeB: false });
    const whole = matrixTransposed(gq ? add(gq, turned) : turned);
    return matrixTransposed(triangularSolveOp([r, whole], { lower: false, transpose: false, unitDiagonal: false }));
  },
});
