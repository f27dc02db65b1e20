import { createReferenceBackend } from '@wengert/backend-reference';
import { cholesky, tidy } from '@wengert/core';
import { expect, test } from 'vitest';
import { createGenerator } from './generator.ts';
import { createRunningError } from './runningError.ts';

const backend = createReferenceBackend();

test('the same seed gives the same numbers on every backend, another seed others', () => {
  const other = createRunningError(['float32', 'float64']).backend;
  const draw = (on: typeof backend, seed: string): ArrayLike<number> =>
    createGenerator(on, 'float32', seed).uniform([8]).dataSync();
  expect(draw(other, 'a')).toEqual(draw(backend, 'a'));
  expect(draw(backend, 'b')).not.toEqual(draw(backend, 'a'));
});

test('distinct values are 0.1 apart, in no order', () => {
  const values = [...createGenerator(backend, 'float32', 's').distinct([5, 7]).dataSync()];
  const sorted = [...values].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(0.1);
  expect(values).not.toEqual(sorted);
});

test('values away from zero have both signs and no small ones', () => {
  const values = [...createGenerator(backend, 'float64', 's').awayFromZero([100], 0.3).dataSync()];
  expect(Math.min(...values.map(Math.abs))).toBeGreaterThanOrEqual(0.3);
  expect(new Set(values.map(Math.sign))).toEqual(new Set([1, -1]));
});

test.each(['float64', 'float32', 'int32', 'bool'] as const)(
  '%s matrices are symmetric and positive definite',
  (dtype) => {
    const n = 4;
    const a = createGenerator(backend, dtype, 's').spd([2, n, n]);
    const values = a.dataSync();
    expect(values).toEqual(a.transpose([0, 2, 1]).dataSync());
    const factor = tidy(() => cholesky(a.cast('float64'))).dataSync();
    expect(factor.every(Number.isFinite)).toBe(true);
  },
);

test('integers are drawn from the whole of their range', () => {
  const values = createGenerator(backend, 'int32', 's').uniform([400], 2, 5).dataSync();
  expect(new Set(values)).toEqual(new Set([2, 3, 4]));
});

test('a tensor can be drawn again under another shape, from the same range', () => {
  const generator = createGenerator(backend, 'float64', 's');
  const again = generator.again(generator.uniform([2], 5, 6), [50]);
  expect(again?.shape).toEqual([50]);
  expect(Math.min(...(again?.dataSync() ?? []))).toBeGreaterThanOrEqual(5);
  expect(generator.again(generator.spd([2, 2]), [3])).toBeUndefined();
});
