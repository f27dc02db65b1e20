import { dropAxes, type Shape, stridesOf } from '@wengert/core';
import { expect, it } from 'vitest';
import { compare, generator, type Host, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: true });
const random = generator(22);

/** Mean and variance by plain loops in double. */
function expected(x: Host, axes: readonly number[]): [Float32Array, Float32Array] {
  const steps = stridesOf(x.shape);
  const outSteps = stridesOf(x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)));
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)).reduce((product, n) => product * n, 1);
  const lines: number[][] = Array.from({ length: kept }, () => []);
  for (const [i, value] of x.data.entries()) {
    let at = 0;
    for (const [axis, step] of steps.entries()) {
      if (!axes.includes(axis)) at += (Math.floor(i / step) % x.shape[axis]) * outSteps[axis];
    }
    lines[at].push(value);
  }
  const mean = lines.map((line) => line.reduce((sum, value) => sum + value, 0) / line.length);
  const variance = lines.map((line, i) => line.reduce((sum, value) => sum + (value - mean[i]) ** 2, 0) / line.length);
  return [Float32Array.from(mean), Float32Array.from(variance)];
}

function momentsOf(x: Host, axes: readonly number[]) {
  const out = { shape: dropAxes(x.shape, axes), dtype: 'float32' as const };
  return run(cpu, 'moments', [x], { axes }, [out, out]);
}

function check(shape: Shape, axes: readonly number[], far = 0, ulps = 16): void {
  const x = random(shape, 'float32', far - 1, far + 1);
  const actual = momentsOf(x, axes);
  const out = { shape: dropAxes(shape, axes), dtype: 'float32' as const };
  for (const [k, data] of expected(x, axes).entries()) {
    compare(`output ${k} of [${shape}] along ${axes}`, actual[k], { ...out, data }, ulps, 2 ** 29);
  }
}

it('finds the moments of rows, of columns and of what lies between', () => {
  for (const [shape, axes] of [
    [[1000], [0]],
    [[257, 33], [0]],
    [[257, 33], [1]],
    [
      [257, 33],
      [0, 1],
    ],
    [[7, 9, 21], [1]],
    [
      [7, 9, 21],
      [0, 1],
    ],
    [
      [7, 9, 21],
      [1, 2],
    ],
    [
      [3, 5, 7, 10],
      [0, 1, 2],
    ],
    [
      [3, 5, 7, 10],
      [1, 2],
    ],
  ] as const) {
    check(shape, axes);
  }
});

it('joins blocks of rows, and rows of many elements', () => {
  check([40_000, 9], [0]);
  check([3, 50_001], [0]);
  check([300, 1030], [0]);
  check([2, 100_003], [1]);
});

it('loses no digits to a mean that is large', () => {
  // By the mean alone it would be a million times the square of what is left of the spread.
  check([20_000, 9], [0], 1000, 64);
  check([5, 20_000], [1], 1000, 64);
});

it('adds many floats without drift', () => {
  const x: Host = { shape: [30_000, 12], dtype: 'float32', data: new Float32Array(360_000).fill(0.1) };
  const [mean, variance] = momentsOf(x, [0]);
  for (let i = 0; i < 12; i++) {
    expect(Math.abs(mean[i] / x.data[0] - 1)).toBeLessThan(2 ** -22);
    expect(variance[i]).toBeLessThan(1e-13);
  }
});

it('keeps NaN and infinities in their column', () => {
  for (const special of [NaN, Infinity, -Infinity]) {
    for (const row of [0, 20_000]) {
      const x = random([20_001, 9], 'float32');
      x.data[row * 9 + 3] = special;
      const [mean, variance] = momentsOf(x, [0]);
      expect([...mean].every((value, i) => Number.isFinite(value) === (i !== 3))).toBe(true);
      expect(mean[3]).toBe(special);
      expect([...variance].every((value, i) => Number.isNaN(value) === (i === 3))).toBe(true);
    }
  }
});

it('serves all axes itself', () => {
  const x = random([16, 16, 16], 'float32');
  const block = { ...x, storage: cpu.write(x.data, x) };
  for (const axes of [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]]) {
    const out = { shape: dropAxes(x.shape, axes), dtype: 'float32' as const, scoped: true };
    expect(cpu.kernels.get('moments')?.([block], { axes }, [out, out])).not.toBeNull();
  }
});
