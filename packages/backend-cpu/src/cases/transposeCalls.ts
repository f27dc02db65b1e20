import type { Shape } from '@wengert/core/functions';
import type { Calls } from '../agreement.ts';

const CASES: readonly [Shape, ...(readonly number[])[]][] = [
  [[], []],
  [
    [0, 2],
    [1, 0],
  ],
  [[5], [0]],
  [
    [37, 41],
    [1, 0],
  ],
  [
    [100, 6],
    [1, 0],
  ],
  [
    [3, 70, 65],
    [0, 2, 1],
  ],
  [
    [3, 4, 50],
    [1, 0, 2],
  ],
  [
    [3, 40, 5],
    [2, 1, 0],
  ],
  [
    [33, 2, 35],
    [2, 0, 1],
  ],
  [
    [3, 17, 29],
    [0, 2, 1],
    [2, 1, 0],
    [2, 0, 1],
    [1, 2, 0],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 0, 1],
  ],
  [
    [8, 40, 7, 9],
    [0, 2, 3, 1],
    [3, 1, 2, 0],
    [0, 3, 1, 2],
    [1, 2, 3, 0],
    [2, 1, 0, 3],
    [1, 0, 2, 3],
    [0, 2, 1, 3],
  ],
  [
    [7, 6, 5, 16],
    [1, 0, 2, 3],
    [2, 1, 0, 3],
  ],
  [
    [2, 3, 1, 4, 5],
    [4, 1, 3, 2, 0],
  ],
];

/** Exchanges of axes. */
export const transposeCalls: Calls = {
  *'exchanges axes'(random, dtype) {
    for (const [shape, ...perms] of CASES) {
      for (const perm of perms) {
        yield ['transpose', [random(shape, dtype)], { perm }, { shape: perm.map((axis) => shape[axis]), dtype }];
      }
    }
  },
};
