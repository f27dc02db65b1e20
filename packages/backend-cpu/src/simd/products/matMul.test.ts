import { expect, it } from 'vitest';
import { agreement, generator, run } from '../../agreement.ts';
import { matMulCalls } from '../../cases/matMulCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

/** Sums in float lose more than the plain loops' sums in double: so much of the largest element. */
const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 1, 2 ** 29 * 40);

it.each(Object.entries(matMulCalls))('%s', (_name, calls) => {
  for (const call of calls(generator(2), 'float32')) agree(...call);
});

it.each([
  [1, 1],
  [1, 40],
  [3, 5],
  [8, 9],
])('adds up as many like terms as there may be, for %d rows and %d columns', (m, n) => {
  const depth = 2 ** 17;
  const like = (shape: readonly number[], value: number) => {
    return { shape, dtype: 'float32' as const, data: new Float32Array(shape[0] * shape[1]).fill(value) };
  };
  const exact = Math.fround(0.1) * depth;
  for (const transposeB of [false, true]) {
    const [a, b] = [like([m, depth], 0.1), like(transposeB ? [n, depth] : [depth, n], 1)];
    const attrs = { transposeA: false, transposeB };
    const [values] = run(createCpuBackend({ simd: true }), 'matMul', [a, b], attrs, [
      { shape: [m, n], dtype: 'float32' },
    ]);
    for (const value of values) expect(Math.abs(value - exact) / exact).toBeLessThan(Math.sqrt(depth) * 2 ** -24);
  }
});
