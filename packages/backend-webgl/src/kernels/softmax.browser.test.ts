import { createReferenceBackend } from '@wengert/backend-reference';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { error, host, random, runKernel } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();

describe('softmax', () => {
  /** The softmax of a row of float32, in float64. */
  function softmax(row: readonly number[]): number[] {
    const max = Math.max(...row);
    const exps = row.map((x) => Math.exp(x - max));
    const sum = exps.reduce((total, x) => total + x, 0);
    return exps.map((x) => x / sum);
  }

  it.each([[[4, 10]], [[5, 16]], [[3, 1025]]])('of rows of %j', (shape) => {
    const x = random(shape, 'float32', -20, 20);
    const width = shape[1];
    const rows = Array.from({ length: shape[0] }, (_, i) => [...x.data.slice(i * width, (i + 1) * width)]);
    const expected = rows.flatMap(softmax);
    const actual = runKernel(webgl, 'softmax', [x], { axis: 1 }, x);
    expect(error(actual ?? [], expected, 1e-6)).toBeLessThan(1e-6);
    const logs = runKernel(webgl, 'logSoftmax', [x], { axis: 1 }, x);
    expect(error(logs ?? [], expected.map(Math.log), 1)).toBeLessThan(1e-6);
    const sums = rows.map((row) => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)));
    const found = runKernel(webgl, 'logSumExp', [x], { axes: [1] }, { shape: [shape[0]], dtype: 'float32' });
    expect(error(found ?? [], sums, 1)).toBeLessThan(1e-6);
  });

  it('over another axis', () => {
    const x = random([6, 3, 5]);
    const moved = runKernel(reference, 'transpose', [x], { perm: [0, 2, 1] }, { shape: [6, 5, 3], dtype: 'float32' });
    const rows = Array.from({ length: 30 }, (_, i) => softmax([...(moved ?? []).slice(i * 3, i * 3 + 3)])).flat();
    const back = host([6, 5, 3], 'float32', rows);
    const expected = runKernel(reference, 'transpose', [back], { perm: [0, 2, 1] }, x);
    expect(error(runKernel(webgl, 'softmax', [x], { axis: 1 }, x) ?? [], expected ?? [], 1e-6)).toBeLessThan(1e-6);
  });

  it('logSumExp of infinities', () => {
    const x = host([3, 2], 'float32', [-Infinity, -Infinity, Infinity, 1, 0, -Infinity]);
    const out = { shape: [3], dtype: 'float32' as const };
    expect(runKernel(webgl, 'logSumExp', [x], { axes: [1] }, out)).toEqual(Float32Array.of(-Infinity, Infinity, 0));
  });
});
