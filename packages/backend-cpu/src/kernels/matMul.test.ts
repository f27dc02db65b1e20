import { createReferenceBackend } from '@wengert/backend-reference';
import { expect, it } from 'vitest';
import { agreement, generator, NUMBERS, run } from '../agreement.ts';
import { matMulCalls } from '../cases/matMulCalls.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 512);

it.each(Object.entries(matMulCalls))('%s', (_name, calls) => {
  for (const dtype of NUMBERS) for (const call of calls(random, dtype)) agree(...call);
});

it('wraps what int32 cannot hold', () => {
  const extremes = { shape: [2, 2], dtype: 'int32' as const, data: Int32Array.of(2 ** 31 - 1, 1, 1, 2 ** 31 - 1) };
  const product = run(cpu, 'matMul', [extremes, extremes], { transposeA: false, transposeB: false }, [extremes]);
  expect(product[0]).toEqual(Int32Array.of(2, -2, -2, 2));
});

it('sums products of int32 exactly before they wrap, however large the matrices', () => {
  for (const n of [3, 20]) {
    const [a, b] = [0, 1].map(() => random([n, n], 'int32', -(2 ** 31), 2 ** 31));
    const [actual] = run(cpu, 'matMul', [a, b], { transposeA: false, transposeB: false }, [a]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0n;
        for (let k = 0; k < n; k++) sum += BigInt(a.data[i * n + k]) * BigInt(b.data[k * n + j]);
        expect(actual[i * n + j]).toBe(Number(BigInt.asIntN(32, sum)));
      }
    }
  }
});
