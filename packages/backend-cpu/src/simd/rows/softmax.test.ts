import { dropAxes, type Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { softmax } from './softmax.ts';

const random = generator(8);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;

it('normalises along any axis, whatever its length', () => {
  const near = agreement(...backends, 8, 2 ** 29);
  const shapes: Shape[] = [[500], [7, 4], [9, 13], [33, 10], [5, 8, 257], [64, 1000], [3, 9, 4], [2, 31, 37], [1, 17]];
  for (const shape of shapes) {
    for (const scale of [1, 50]) {
      const x = random(shape, 'float32', -scale, scale);
      for (let axis = 0; axis < shape.length; axis++) {
        for (const op of ['softmax', 'logSoftmax']) near(op, [x], { axis }, x);
        near('logSumExp', [x], { axes: [axis] }, { shape: dropAxes(shape, [axis]), dtype: 'float32' });
      }
      if (shape.length > 2) near('logSumExp', [x], { axes: [0, 1] }, { shape: [shape[2]], dtype: 'float32' });
    }
  }
});

it('keeps NaN and infinities, and gives 0 far below the maximum', () => {
  for (const special of [NaN, Infinity, -Infinity, 1e9, -1e9]) {
    for (const at of [0, 5, 299]) {
      const x = random([20, 300], 'float32');
      x.data[at] = special;
      if (at === 5) x.data[7] = Infinity;
      for (const axis of [0, 1]) {
        for (const op of ['softmax', 'logSoftmax']) agreement(...backends, 8, 2 ** 29)(op, [x], { axis }, x);
        const out = { shape: dropAxes(x.shape, [axis]), dtype: 'float32' as const };
        agreement(...backends, 8, 0)('logSumExp', [x], { axes: [axis] }, out);
      }
    }
  }
});

it('serves every axis itself', () => {
  const x = random([16, 12, 20], 'float32');
  const block = { ...x, storage: backends[0].write(x.data, x) };
  for (const axis of [0, 1, 2]) expect(softmax.softmax?.([block], { axis }, [{ ...x, scoped: true }])).not.toBeNull();
});

it('normalises as exactly where a line is long and its elements are alike', () => {
  const length = 2 ** 18;
  const data = new Float32Array(4 * length);
  const sum = (length / 2) * (1 + Math.exp(-0.5));
  for (const [shape, axis, step] of [
    [[1, length], 1, 1],
    [[length, 4], 0, 4],
  ] as const) {
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / step) % 2 === 0 ? 0 : -0.5;
    const x = { shape, dtype: 'float32' as const, data: data.slice(0, length * step) };
    const [[first]] = run(backends[0], 'softmax', [x], { axis }, [x]);
    expect(Math.abs(first * sum - 1)).toBeLessThan(2e-5);
    const out = { shape: dropAxes(shape, [axis]), dtype: 'float32' as const };
    const [[logarithm]] = run(backends[0], 'logSumExp', [x], { axes: [axis] }, [out]);
    expect(Math.abs(logarithm - Math.log(sum))).toBeLessThan(2e-5);
  }
});
