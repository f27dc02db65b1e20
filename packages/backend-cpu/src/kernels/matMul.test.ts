import { createReferenceBackend } from '@wengert/backend-reference';
import { broadcastShapes } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, NUMBERS, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 512);

it('matMul', () => {
  const sizes: [number, number, number][] = [
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
  ];
  for (const dtype of NUMBERS) {
    for (const [m, k, n] of sizes) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = random(transposeA ? [k, m] : [m, k], dtype, -40, 40);
          const b = random(transposeB ? [n, k] : [k, n], dtype, -40, 40);
          agree('matMul', [a, b], { transposeA, transposeB }, { shape: [m, n], dtype });
        }
      }
    }
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
      for (const [m, k, n] of [
        [4, 5, 6],
        [17, 18, 19],
      ]) {
        for (const transposeA of [false, true]) {
          const left = random([...a, ...(transposeA ? [k, m] : [m, k])], dtype);
          const shape = [...broadcastShapes('matMul', a, b), m, n];
          agree('matMul', [left, random([...b, k, n], dtype)], { transposeA, transposeB: false }, { shape, dtype });
        }
      }
    }
  }
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
