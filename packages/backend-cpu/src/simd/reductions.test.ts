import { dropAxes, type Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';
import { reductions } from './reductions.ts';

const random = generator(4);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;

const SHAPES: [Shape, number[][]][] = [
  [[1000], [[0]]],
  [[10007], [[0]]],
  [
    [257, 33],
    [[0], [1], [0, 1]],
  ],
  [
    [9, 40],
    [[0], [1]],
  ],
  [
    [6, 13, 21],
    [[0], [1], [2], [0, 1], [1, 2], [0, 2]],
  ],
  [
    [4, 5, 6, 16],
    [
      [0, 2],
      [1, 3],
      [0, 1, 2],
      [2, 3],
    ],
  ],
];

it('reduces along any axes', () => {
  // The largest and smallest are exact; sums differ by roundings in float.
  const [sums, extremes] = [agreement(...backends, 1, 2 ** 29 * 20), agreement(...backends, 0, 0)];
  for (const [shape, all] of SHAPES) {
    for (const axes of all) {
      const out = { shape: dropAxes(shape, axes), dtype: 'float32' as const };
      const x = random(shape, 'float32');
      for (const op of ['sum', 'mean']) sums(op, [x], { axes }, out);
      for (const op of ['max', 'min']) extremes(op, [x], { axes }, out);
    }
  }
});

it('serves sums of rows, of columns and of everything itself', () => {
  for (const axes of [[0], [1], [0, 1]]) {
    const x = { ...random([64, 64], 'float32'), exclusive: false };
    const block = { ...x, storage: backends[0].write(x.data, x) };
    const out = { shape: dropAxes(x.shape, axes), dtype: 'float32' as const, scoped: true };
    expect(reductions.sum?.([block], { axes }, [out])).not.toBeNull();
  }
});

it('adds many floats without drift', () => {
  const data = new Float32Array(2 ** 20).fill(0.1);
  const [[sum]] = run(backends[0], 'sum', [{ shape: [2 ** 20], dtype: 'float32', data }], { axes: [0] }, [
    { shape: [], dtype: 'float32' },
  ]);
  expect(Math.abs(sum / (2 ** 20 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
});

it('keeps NaN, infinities and the signs of zeros', () => {
  const same = agreement(...backends, 4, 0);
  for (const special of [NaN, Infinity, -Infinity, 0, -0]) {
    for (const at of [0, 5, 299]) {
      // A zero, and one of the other sign behind it in the same lane, are the largest or the smallest of their row.
      const x = random([20, 300], 'float32', at === 0 ? -2 : 1, at === 0 ? -1 : 2);
      x.data[(at + 160) % 300] = special === 0 ? -special : 0;
      x.data[at] = special;
      for (const axes of [[0], [1]]) {
        const out = { shape: dropAxes(x.shape, axes), dtype: 'float32' as const };
        for (const op of ['max', 'min']) same(op, [x], { axes }, out);
      }
    }
  }
});
