import { broadcastShapes, type DType, type Shape } from '@wengert/core/functions';
import type { Call, Calls, Random } from '../agreement.ts';

/** A product of [..., m, k] and [..., k, n]; axes in front of them that are not given are none. */
export interface Product {
  readonly size: readonly [m: number, k: number, n: number];
  readonly batches?: readonly [Shape, Shape];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const SIZES: readonly Product['size'][] = [
  [1, 1, 1],
  [0, 3, 2],
  [3, 0, 2],
  [2, 3, 4],
  [1, 300, 70],
  [70, 300, 1],
  [1, 300, 1],
  [2, 700, 3],
  [67, 33, 31],
  [65, 257, 261],
  [130, 300, 5],
  [5, 8, 8],
  [7, 300, 13],
  [64, 64, 64],
  [3, 100, 37],
  [33, 600, 17],
  [4, 257, 130],
  [12, 5, 9],
  [100, 7, 3],
  [131, 33, 40],
  [6, 20, 2051],
  [40, 1, 40],
];

const BATCHES: readonly [Shape, Shape][] = [
  [[3], [3]],
  [[], [2, 3]],
  [[2, 3], []],
  [
    [2, 1],
    [1, 3],
  ],
  [[2, 3], [3]],
  [[0], [1]],
];

const BOTH = [false, true];

/** One product of random matrices. */
export function matMulCall(random: Random, dtype: DType, product: Product): Call {
  const {
    size: [m, k, n],
    batches: [left, right] = [[], []],
    transposeA = false,
    transposeB = false,
  } = product;
  const a = random([...left, ...(transposeA ? [k, m] : [m, k])], dtype, -40, 40);
  const b = random([...right, ...(transposeB ? [n, k] : [k, n])], dtype, -40, 40);
  const shape = [...broadcastShapes('matMul', left, right), m, n];
  return ['matMul', [a, b], { transposeA, transposeB }, { shape, dtype }];
}

/** Products of matrices. */
export const matMulCalls: Calls = {
  *'multiplies matrices of all proportions, transposed or not'(random, dtype) {
    for (const size of SIZES) {
      for (const transposeA of BOTH) {
        for (const transposeB of BOTH) yield matMulCall(random, dtype, { size, transposeA, transposeB });
      }
    }
  },

  *'broadcasts batches'(random, dtype) {
    for (const batches of BATCHES) {
      for (const size of [
        [4, 5, 6],
        [17, 18, 19],
      ] as const) {
        for (const transposeA of BOTH) yield matMulCall(random, dtype, { size, batches, transposeA });
      }
    }
  },
};
