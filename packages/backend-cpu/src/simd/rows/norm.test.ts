import type { Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { compare, generator, type Host, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: true });
const random = generator(21);
const EPSILON = 0.01;

/** What a row of x becomes, and the cotangents that follow from g, by plain loops in double. */
function expected(x: Host, g: Host, columns: number, centred: boolean, scale?: Host, offset?: Host) {
  const y = new Float32Array(x.data.length);
  const [gx, gScale, gOffset] = [new Float32Array(x.data.length), new Float64Array(columns), new Float64Array(columns)];
  for (let row = 0; row < x.data.length; row += columns) {
    const line = Array.from(x.data.subarray(row, row + columns));
    const mean = centred ? line.reduce((sum, value) => sum + value, 0) / columns : 0;
    const variance = line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns;
    const factor = 1 / Math.sqrt(variance + EPSILON);
    const standard = line.map((value) => (value - mean) * factor);
    const scaled = standard.map((_, i) => g.data[row + i] * (scale?.data[i] ?? 1));
    const level = centred ? scaled.reduce((sum, value) => sum + value, 0) / columns : 0;
    const slope = scaled.reduce((sum, value, i) => sum + value * standard[i], 0) / columns;
    for (let i = 0; i < columns; i++) {
      y[row + i] = standard[i] * (scale?.data[i] ?? 1) + (offset?.data[i] ?? 0);
      gx[row + i] = (scaled[i] - level - standard[i] * slope) * factor;
      gScale[i] += g.data[row + i] * standard[i];
      gOffset[i] += g.data[row + i];
    }
  }
  return { y, gx, gScale: Float32Array.from(gScale), gOffset: Float32Array.from(gOffset) };
}

function check(shape: Shape, axes: number[], centred: boolean, scaled: boolean, shifted: boolean, far = 0): void {
  const own = shape.slice(axes[0]);
  const columns = own.reduce((product, n) => product * n, 1);
  const [x, g] = [random(shape, 'float32', far - 2, far + 2), random(shape, 'float32')];
  const scale = scaled ? random(own, 'float32') : undefined;
  const offset = shifted ? random(own, 'float32') : undefined;
  const want = expected(x, g, columns, centred, scale, offset);
  const label = `[${shape}] along ${axes}, ${centred} ${scaled} ${shifted} ${far}`;
  // A mean of so many times the spread costs as many digits.
  const near = (actual: ArrayLike<number>, data: Float32Array): void =>
    compare(label, Float32Array.from(actual), { shape: [data.length], dtype: 'float32', data }, 8, 2 ** 29 * (8 + far));
  const attrs = { axes, epsilon: EPSILON, centred, scale: scaled };
  const parameters = [scale, offset].filter((one) => one !== undefined);
  near(run(cpu, 'layerNorm', [x, ...parameters], { ...attrs, offset: shifted }, [x])[0], want.y);
  const outputs = run(
    cpu,
    'layerNormGrad',
    scale ? [g, x, scale] : [g, x],
    { ...attrs, offset: offset?.shape ?? null },
    [x, ...parameters],
  );
  const all = [want.gx, ...(scaled ? [want.gScale] : []), ...(shifted ? [want.gOffset] : [])];
  for (const [k, data] of all.entries()) near(outputs[k], data);
}

it('normalises rows of any length and gives their cotangents back', () => {
  for (const shape of [
    [5, 16],
    [7, 13],
    [3, 67],
    [200, 4],
    [1, 100],
    [2, 3000],
    [130, 9],
  ]) {
    for (const centred of [true, false]) {
      for (const scaled of [true, false]) {
        for (const shifted of [true, false]) check(shape, [1], centred, scaled, shifted);
      }
    }
  }
  check([3, 5, 7, 3], [2, 3], true, true, true);
  check([2, 5, 9], [0, 1, 2], true, true, true);
  check([0, 100], [1], true, true, true);
});

it('loses no digits to a mean that is large', () => {
  check([20, 130], [1], true, true, true, 1000);
});

it('leaves other axes and other parameters to ops of their own', () => {
  const kernel = cpu.kernels.get('layerNorm');
  const x = random([8, 8, 8], 'float32');
  const serves = (axes: number[], parameter: Shape): boolean => {
    const scale = random(parameter, 'float32');
    const blocks = [x, scale].map((host) => ({ ...host, storage: cpu.write(host.data, host) }));
    const attrs = { axes, epsilon: EPSILON, centred: true, scale: true, offset: false };
    return kernel?.(blocks, attrs, [{ ...x, scoped: true }]) !== null;
  };
  expect(serves([2], [8])).toBe(true);
  expect(serves([1, 2], [8, 8])).toBe(true);
  expect(serves([1], [8, 1])).toBe(false);
  expect(serves([0, 2], [8])).toBe(false);
  expect(serves([2], [8, 1])).toBe(false);
  expect(serves([2], [8, 8])).toBe(false);
  expect(serves([1, 2], [8])).toBe(false);
});

it('spoils only the rows that are not finite', () => {
  for (const special of [NaN, Infinity]) {
    const x = random([9, 21], 'float32');
    x.data[4 * 21 + 20] = special;
    const attrs = { axes: [1], epsilon: EPSILON, centred: true, scale: false };
    const [y] = run(cpu, 'layerNorm', [x], { ...attrs, offset: false }, [x]);
    const [gx] = run(cpu, 'layerNormGrad', [x, x], { ...attrs, offset: null }, [x]);
    for (const values of [y, gx]) {
      for (let i = 0; i < values.length; i++) expect(Number.isNaN(values[i])).toBe(Math.floor(i / 21) === 4);
    }
  }
});
