import { broadcastShapes } from '@wengert/core';
import { it } from 'vitest';
import { agreement, generator } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const random = generator(2);
/** Sums in float lose more than the plain loops' sums in double: so much of the largest element. */
const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 1, 2 ** 29 * 40);

const BOTH = [false, true];

it('multiplies matrices of all proportions, transposed or not', () => {
  for (const [m, k, n] of [
    [5, 8, 8],
    [7, 300, 13],
    [64, 64, 64],
    [3, 100, 37],
    [1, 300, 70],
    [70, 300, 1],
    [33, 600, 17],
    [4, 257, 130],
    [12, 5, 9],
    [100, 7, 3],
    [131, 33, 40],
    [6, 20, 2051],
    [40, 1, 40],
  ]) {
    for (const transposeA of BOTH) {
      for (const transposeB of BOTH) {
        const a = random(transposeA ? [k, m] : [m, k], 'float32');
        const b = random(transposeB ? [n, k] : [k, n], 'float32');
        agree('matMul', [a, b], { transposeA, transposeB }, { shape: [m, n], dtype: 'float32' });
      }
    }
  }
});

it('broadcasts batches', () => {
  for (const [a, b] of [
    [[3], [3]],
    [[], [2, 3]],
    [[2, 3], []],
    [
      [2, 1],
      [1, 3],
    ],
    [[2, 3], [3]],
    [[0], [1]],
  ]) {
    for (const transposeA of BOTH) {
      const left = random([...a, ...(transposeA ? [18, 17] : [17, 18])], 'float32');
      const shape = [...broadcastShapes('matMul', a, b), 17, 19];
      const attrs = { transposeA, transposeB: false };
      agree('matMul', [left, random([...b, 18, 19], 'float32')], attrs, { shape, dtype: 'float32' });
    }
  }
});

it('exchanges axes', () => {
  for (const [shape, perms] of [
    [[100, 6], [[1, 0]]],
    [[37, 41], [[1, 0]]],
    [
      [3, 17, 29],
      [
        [0, 2, 1],
        [2, 1, 0],
        [2, 0, 1],
        [1, 2, 0],
      ],
    ],
    [
      [8, 40, 7, 9],
      [
        [0, 2, 3, 1],
        [3, 1, 2, 0],
        [0, 3, 1, 2],
        [1, 2, 3, 0],
        [2, 1, 0, 3],
        [1, 0, 2, 3],
        [0, 2, 1, 3],
      ],
    ],
    [
      [7, 6, 5, 16],
      [
        [1, 0, 2, 3],
        [2, 1, 0, 3],
      ],
    ],
  ] as const) {
    for (const perm of perms) {
      const out = { shape: perm.map((axis: number) => shape[axis]), dtype: 'float32' as const };
      agree('transpose', [random(shape, 'float32')], { perm }, out);
    }
  }
});
