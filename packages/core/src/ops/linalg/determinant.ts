import type { TensorLike } from '../../convert.ts';
import { hostTensor, zerosOf } from '../../create/host.ts';
import { convertValues, type DType } from '../../dtype.ts';
import { composite } from '../../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { Shape } from '../../shape.ts';
import { matrixSpace } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { exp } from '../exponential.ts';
import { gatherOp } from '../gather.ts';
import { mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { sumOp } from '../sum.ts';
import { matrixTransposed } from '../transpose.ts';
import { eliminate } from './elimination.ts';
import { refusedBySquare, squareOperand } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';
import { inverse } from './solve.ts';

type SignAndLog = readonly [sign: Tensor, logAbsDet: Tensor];

export const slogdetOp: OpFunction<readonly [a: Tensor], NoAttrs, SignAndLog> = primitive('slogdet', {
  outputs: 2,
  saves: [0],
  infer: ([{ shape, dtype }]) => [
    { shape: shape.slice(0, -2), dtype },
    { shape: shape.slice(0, -2), dtype },
  ],
  host: matrixLoop((n, [a]) => {
    let { sign } = eliminate(a, n);
    let log = 0;
    for (let i = 0; i < n; i++) {
      sign *= Math.sign(a[i * n + i]);
      log += Math.log(Math.abs(a[i * n + i]));
    }
    return [[sign], [log]];
  }),
  vjp: ([, g], [a]) => [g && perMatrix(g, matrixTransposed(inverse(a)))],
  jvp: ([t], [a]) =>
    t && [
      zerosOf(t.backend, { shape: a.shape.slice(0, -2), dtype: a.dtype }),
      product(matrixTransposed(inverse(a)), t),
    ],
});

/**
 * The gradient of a determinant are the cofactors: determinants themselves, of the matrix without a row and a column.
 * That holds for singular matrices too, and to every order. The work grows as n⁵, so that above this size it is by the
 * inverse.
 */
const LARGEST_BY_COFACTORS = 8;

export const detOp: OpFunction<readonly [a: Tensor], NoAttrs, Tensor> = composite('det', {
  saves: [0, 'y'],
  infer: ([{ shape, dtype }]) => ({ shape: shape.slice(0, -2), dtype }),
  compose(inputs) {
    const [sign, logAbsDet] = slogdetOp(inputs, NO_ATTRS);
    return mul(sign, exp(logAbsDet));
  },
  vjp: (g, [a], y) => perMatrix(g, cofactors(a, y)),
  jvp: ([t], [a], y) => t && product(cofactors(a, y), t),
});

function cofactors(a: Tensor, det: Tensor): Tensor {
  const n = a.shape[a.rank - 1];
  if (n > LARGEST_BY_COFACTORS) return perMatrix(det, matrixTransposed(inverse(a)));
  const batch = a.shape.slice(0, -2);
  const rest = Math.max(0, n - 1);
  const places: number[] = [];
  const signs: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      signs.push((i + j) % 2 === 0 ? 1 : -1);
      for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) if (k !== i && l !== j) places.push(k * n + l);
    }
  }
  const minors = gatherOp([reshaped(a, [...batch, n * n]), constant(a, places, [n, n, rest, rest], 'int32')], {
    axis: batch.length,
  });
  return mul(detOp([minors], NO_ATTRS), constant(a, signs, [n, n], a.dtype));
}

function constant(like: Tensor, values: readonly number[], shape: Shape, dtype: DType): Tensor {
  return hostTensor('det', like.backend, convertValues(values, dtype), shape, dtype);
}

/** One number for each matrix, times that matrix. */
function perMatrix(numbers: Tensor, matrices: Tensor): Tensor {
  return mul(reshaped(numbers, [...numbers.shape, 1, 1]), matrices);
}

/** The inner products of matrices. */
function product(a: Tensor, b: Tensor): Tensor {
  return sumOp([mul(a, b)], { axes: [a.rank - 2, a.rank - 1] });
}

/**
 * Sign and logarithm of the magnitude of the determinants of the matrices in the last two axes: [0, -Infinity] of a
 * singular one.
 * @example
 * slogdet([[0, 1], [1, 0]])[0].print(); // -1
 */
export function slogdet(x: TensorLike): [sign: Tensor, logAbsDet: Tensor] {
  const [sign, logAbsDet] = slogdetOp([squareOperand('slogdet', x)], NO_ATTRS);
  return [sign, logAbsDet];
}

export const slogdetSamples: Samples<typeof slogdet> = ({ uniform, dominant }) => [
  [dominant([3, 3])],
  [dominant([2, 2, 2])],
  [dominant([1, 1])],
  [uniform([0, 2, 2])],
];

export const slogdetSpace: Space<typeof slogdet> = matrixSpace('dominant');

export const slogdetBadSamples: BadSamples<typeof slogdet> = refusedBySquare('slogdet');

/**
 * The determinants of the matrices in the last two axes. Up to 8 by 8 the derivatives are exact for singular matrices
 * too; for larger ones these are not finite.
 * @example
 * det([[1, 2], [3, 4]]).print(); // -2
 */
export function det(x: TensorLike): Tensor {
  return detOp([squareOperand('det', x)], NO_ATTRS);
}

export const detSamples: Samples<typeof det> = ({ uniform, dominant, exactly }) => [
  [dominant([3, 3])],
  [uniform([2, 2, 2])],
  [
    exactly([
      [1, 2],
      [2, 4],
    ]),
  ],
  [
    exactly([
      [1, 2, 3],
      [2, 4, 6],
      [0, 0, 0],
    ]),
  ],
  [uniform([1, 1])],
  [uniform([0, 0])],
  [uniform([0, 2, 2])],
  [dominant([9, 9])],
];

export const detSpace: Space<typeof det> = ({ dominant, uniform, shape, length, pick }) => {
  const n = length();
  const lengths = [...shape(0, 2), n, n];
  return [pick(dominant(lengths), uniform(lengths, -1, 1))];
};

export const detBadSamples: BadSamples<typeof det> = refusedBySquare('det');
