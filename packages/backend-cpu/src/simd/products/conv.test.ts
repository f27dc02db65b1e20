import { expect, it } from 'vitest';
import { agreement, generator, run } from '../../agreement.ts';
import { convCalls } from '../../cases/convCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

/** Sums in float lose more than the plain loops' sums in double: so much of the largest element. */
const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 1, 2 ** 29 * 40);

it.each(Object.entries(convCalls))('%s', (_name, calls) => {
  for (const call of calls(generator(6), 'float32')) agree(...call);
});

it('multiplies nothing by what lies around x', () => {
  const x = { shape: [1, 6, 6, 8], dtype: 'float32' as const, data: new Float32Array(288).fill(1) };
  const filter = { shape: [3, 3, 8, 8], dtype: 'float32' as const, data: new Float32Array(576).fill(1) };
  filter.data.fill(Infinity, 0, 8);
  const windows = {
    strides: [1, 1],
    dilations: [1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ],
  };
  for (const simd of [true, false]) {
    const [values] = run(createCpuBackend({ simd }), 'conv2d', [x, filter], windows, [x]);
    // The first row and the first column do not see the corner of the filter.
    expect([values[0], values[6 * 8], values[7 * 8]]).toEqual([32, 48, Infinity]);
  }
});

it('adds up as many like terms as a window may have', () => {
  const like = (shape: readonly number[], value: number) => {
    return { shape, dtype: 'float32' as const, data: new Float32Array(2 ** 16).fill(value) };
  };
  const windows = {
    strides: [1, 1],
    dilations: [1, 1],
    pads: [
      [0, 0],
      [0, 0],
    ],
  };
  const [x, filter] = [like([1, 2 ** 10, 2 ** 6, 1], 0.1), like([2 ** 10, 2 ** 6, 1, 1], 1)];
  const [[value]] = run(createCpuBackend({ simd: true }), 'conv2d', [x, filter], windows, [
    { shape: [1, 1, 1, 1], dtype: 'float32' },
  ]);
  const exact = Math.fround(0.1) * 2 ** 16;
  expect(Math.abs(value - exact) / exact).toBeLessThan(2 ** -16);
});
