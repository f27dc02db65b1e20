import { createReferenceBackend } from '@wengert/backend-reference';
import { add, matMul, sub, sum, type Tensor, tensor, tidy } from '@wengert/core';
import { expect, test } from 'vitest';
import { createRunningError, type Expected } from './runningError.ts';
import { TOLERANCES, UNIT_ROUNDOFF } from './tolerance.ts';
import { onBackend } from './trial.ts';

const u = UNIT_ROUNDOFF.float32;

function expectedOf(f: (make: (values: number[]) => Tensor) => Tensor): Expected {
  const { backend, expected } = createRunningError(['float32', 'int32', 'bool']);
  return onBackend(backend, () => expected(f((values) => tensor(values, [values.length], 'float32'))));
}

test('the table has every op that the reference computes', () => {
  const computed = createReferenceBackend().kernels.keys();
  expect([...TOLERANCES.keys()].sort()).toEqual([...computed].sort());
});

test('what is given is exact, and rounded to the dtype', () => {
  const { values, error } = expectedOf((make) => make([0.1]));
  expect([...values]).toEqual([Math.fround(0.1)]);
  expect(error).toBeNull();
});

test('a rounding is relative to the result', () => {
  const { values, error } = expectedOf((make) => add(make([1]), make([2])));
  expect(values[0]).toBe(3);
  expect(error?.[0]).toBe(3 * u);
});

test('cancellation keeps the error of what cancels', () => {
  const { values, error } = expectedOf((make) => sub(add(make([1000]), make([1])), make([1001])));
  expect(values[0]).toBe(0);
  expect(error?.[0]).toBe(1001 * u);
});

test('a sum is as exact as the absolute values of its terms allow', () => {
  const { values, error } = expectedOf((make) => sum(make([1000, -1000, 1])));
  expect(values[0]).toBe(1);
  expect(error?.[0]).toBe(2 * 2001 * u);
});

test('a product of matrices bounds what float32 arithmetic does, and not by much', () => {
  const n = 64;
  const entries = (k: number): number[] => Array.from({ length: n * n }, (_, i) => Math.fround(Math.sin(i * k) ** 2));
  const [a, b] = [entries(1.1), entries(2.3)];
  const { values, error } = expectedOf((make) => tidy(() => matMul(make(a).reshape([n, n]), make(b).reshape([n, n]))));
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total = Math.fround(total + Math.fround(a[i * n + k] * b[k * n + j]));
      worst = Math.max(worst, Math.abs(total - values[i * n + j]) / (error?.[i * n + j] ?? 0));
    }
  }
  expect(worst).toBeLessThan(1);
  expect(worst).toBeGreaterThan(0.02);
});
