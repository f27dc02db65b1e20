import { dropAxes, type Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { ALL, agreement, FLOATS, generator, type Host, NUMBERS, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { reductions } from './reductions.ts';

const random = generator(4);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;
const exact = agreement(...backends, 0, 0);

const SHAPES: [Shape, number[][]][] = [
  [[1000], [[0], []]],
  [[10007], [[0]]],
  [
    [257, 33],
    [[0], [1], [0, 1]],
  ],
  [
    [19, 40],
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
  [
    [0, 700],
    [[0], [1], [0, 1]],
  ],
];

function reduced({ shape, dtype }: Host, axes: readonly number[]): { shape: Shape; dtype: Host['dtype'] } {
  return { shape: dropAxes(shape, axes), dtype };
}

/** Every number of columns around the widths of vectors. */
const WIDTHS: [Shape, number[][]][] = Array.from({ length: 40 }, (_, i) => [
  [71, 8 + i],
  [[0], [1]],
]);

it('reduces along any axes', () => {
  // The largest and smallest, and integers, are exact; sums differ by roundings in float or double.
  const sums = { float32: agreement(...backends, 1, 2 ** 29 * 20), float64: agreement(...backends, 64, 2 ** 8) };
  for (const [shape, all] of [...SHAPES, ...WIDTHS]) {
    for (const axes of all) {
      for (const dtype of ALL) {
        const x = random(shape, dtype);
        for (const op of ['max', 'min']) exact(op, [x], { axes }, reduced(x, axes));
        if (dtype === 'int32') for (const op of ['sum', 'prod']) exact(op, [x], { axes }, reduced(x, axes));
        if (dtype !== 'float32' && dtype !== 'float64') continue;
        for (const op of ['sum', 'mean']) sums[dtype](op, [x], { axes }, reduced(x, axes));
        const near1 = random(shape, dtype, 0.9, 1.1);
        agreement(...backends, dtype === 'float32' ? 1 : 2 ** 12, 0)('prod', [near1], { axes }, reduced(x, axes));
      }
    }
  }
});

it('serves rows, columns, everything and every other axis itself', () => {
  for (const dtype of NUMBERS) {
    for (const axes of [[0], [1], [2], [0, 1, 2], [0, 2]]) {
      const x = { ...random([16, 8, 16], dtype), exclusive: false };
      const block = { ...x, storage: backends[0].write(x.data, x) };
      const out = { ...reduced(x, axes), scoped: true };
      for (const op of ['sum', 'prod', 'max', 'min'] as const) {
        expect(reductions[op]?.([block], { axes }, [out])).not.toBeNull();
      }
    }
  }
});

it('adds many floats without drift', () => {
  const data = new Float32Array(2 ** 20).fill(0.1);
  for (const [shape, axes] of [
    [[2 ** 20], [0]],
    [[2 ** 17, 8], [0]],
    [
      [2 ** 15, 2, 16],
      [0, 2],
    ],
  ]) {
    const x = { shape, dtype: 'float32' as const, data };
    const out = reduced(x, axes);
    const count = axes.reduce((product, axis) => product * shape[axis], 1);
    for (const sum of run(backends[0], 'sum', [x], { axes }, [out])[0]) {
      expect(Math.abs(sum / (count * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    }
  }
});

it('wraps integers, and finds the outermost', () => {
  const x = random([40, 37], 'int32', -(2 ** 31), 2 ** 31);
  [x.data[5], x.data[100]] = [-(2 ** 31), 2 ** 31 - 1];
  for (const axes of [[0], [1], [0, 1]]) {
    for (const op of ['sum', 'prod', 'max', 'min']) exact(op, [x], { axes }, reduced(x, axes));
  }
});

it('finds the one bool that is not as the others', () => {
  for (const other of [0, 1]) {
    for (const at of [0, 3, 36, 37, 800, 1479]) {
      const x: Host = { shape: [40, 37], dtype: 'bool', data: new Uint8Array(1480).fill(1 - other) };
      x.data[at] = other;
      for (const axes of [[0], [1], [0, 1]])
        for (const op of ['max', 'min']) exact(op, [x], { axes }, reduced(x, axes));
    }
  }
});

it('multiplies floats in double', () => {
  const x = random([64, 32], 'float32', 1, 2);
  // Beyond the range of floats on the way, but not at the end.
  x.data.set(x.data.map((value, i) => value * ((i % 64) % 2 === Number(i >= 1024) ? 1e8 : 1e-8)));
  for (const axes of [[0], [1]]) agreement(...backends, 1, 0)('prod', [x], { axes }, reduced(x, axes));
});

it('keeps NaN, infinities and the signs of zeros', () => {
  const same = agreement(...backends, 4, 0);
  for (const dtype of FLOATS) {
    for (const special of [NaN, Infinity, -Infinity, 0, -0]) {
      for (const at of [0, 5, 299]) {
        // A zero, and one of the other sign behind it in the same lane, are the largest or the smallest of their row.
        const x = random([20, 300], dtype, at === 0 ? -2 : 1, at === 0 ? -1 : 2);
        x.data[(at + 160) % 300] = special === 0 ? -special : 0;
        x.data[at] = special;
        for (const axes of [[0], [1]]) for (const op of ['max', 'min']) same(op, [x], { axes }, reduced(x, axes));
        if (!Number.isFinite(special)) for (const axes of [[0], [1]]) same('sum', [x], { axes }, reduced(x, axes));
      }
    }
  }
});
