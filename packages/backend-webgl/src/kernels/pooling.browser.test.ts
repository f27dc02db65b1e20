import '@wengert/backend-cpu';
import { createReferenceBackend } from '@wengert/backend-reference';
import { avgPool, avgPool3d, grad, maxPool, maxPool3d, maxPoolWithArgmax, type Tensor, tensor } from '@wengert/core';
import { expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { error, random } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();

type F = (x: Tensor) => Tensor;

/** Compares a function and the gradient of its sum with the reference's. */
function expectSame(f: F, shape: readonly number[], edit: (data: Float32Array) => void = () => undefined): void {
  const data = Float32Array.from(random([...shape]).data);
  edit(data);
  for (const g of [f, grad((x: Tensor) => f(x).square())]) {
    const [actual, expected] = [webgl, reference].map((backend) => g(tensor(data, [...shape], 'float32').to(backend)));
    expect(actual.shape).toEqual(expected.shape);
    expect(error(actual.dataSync(), expected.dataSync(), 1)).toBeLessThan(1e-6);
  }
}

const WINDOWS = [
  { size: 2, strides: 2, pad: 'valid' as const, dilations: 1 },
  { size: 3, strides: 1, pad: 'same' as const, dilations: 1 },
  { size: [3, 2] as [number, number], strides: [2, 3] as [number, number], pad: 'same' as const, dilations: 1 },
  { size: 2, strides: 1, pad: 1, dilations: 1 },
  { size: [2, 3] as [number, number], strides: 1, pad: 'valid' as const, dilations: [3, 1] as [number, number] },
];

it.each(WINDOWS)('images, $size by $strides, $pad, $dilations', ({ size, strides, pad, dilations }) => {
  for (const shape of [
    [2, 7, 6, 1],
    [1, 6, 8, 4],
    [3, 5, 7, 6],
    [2, 5, 5, 8],
  ]) {
    expectSame((x) => maxPool(x, size, strides, pad, null, 'NHWC', dilations), shape);
    expectSame((x) => avgPool(x, size, strides, pad, null, 'NHWC', dilations), shape);
  }
});

it('volumes', () => {
  for (const channels of [1, 3, 4]) {
    expectSame((x) => maxPool3d(x, [2, 1, 3], 2, 'same'), [2, 4, 3, 5, channels]);
    expectSame((x) => avgPool3d(x, 2, 1, 'same'), [1, 3, 4, 3, channels]);
  }
});

it('passes over NaN, and finds the first of equals', () => {
  for (const channels of [1, 4]) {
    const edit = (data: Float32Array) => {
      for (let i = 0; i < data.length; i++) data[i] = Math.round(data[i]);
      data.fill(Number.NaN, 0, 12 * channels);
      data[20] = Number.NaN;
    };
    const f: F = (x) => maxPool(x, 2, 2, 'valid');
    expectSame(f, [1, 6, 6, channels], edit);
    expectSame((x) => maxPool(x, 3, 1, 'same'), [1, 6, 6, channels], edit);
  }
});

it('finds the places of the largest', () => {
  const { data } = random([2, 6, 5, 3]);
  const [actual, expected] = [webgl, reference].map((backend) => {
    const x = tensor(data, [2, 6, 5, 3], 'float32').to(backend);
    return maxPoolWithArgmax(x, 3, 2, 'same', true).indexes.dataSync();
  });
  expect([...actual]).toEqual([...expected]);
});
