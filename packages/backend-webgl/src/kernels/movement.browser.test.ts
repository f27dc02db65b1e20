import { createReferenceBackend } from '@wengert/backend-reference';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { agreement, host, random, runKernel } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();
const expectSame = agreement(webgl, reference);

describe('movement', () => {
  it.each([
    [
      [3, 5],
      [1, 0],
    ],
    [
      [4, 8],
      [1, 0],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4],
      [1, 0, 2],
    ],
    [
      [2, 1, 3, 4, 2],
      [4, 2, 3, 1, 0],
    ],
    [
      [0, 3],
      [1, 0],
    ],
    [[], []],
  ])('transpose %j by %j', (shape: number[], perm: number[]) => {
    const out = perm.map((axis) => shape[axis]);
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      expectSame('transpose', [random(shape, dtype)], { perm }, out, dtype);
    }
  });

  // Places are found by division of floats, which does up to some size, and beyond it by one of integers.
  it.each([
    [1021, 1027],
    [1025, 1023],
    [2903, 2897],
  ])('pad to %i x %i, which are many places', (rows, columns) => {
    const [height, width] = [rows - 1, columns - 1];
    const data = Float32Array.from({ length: height * width }, (_, i) => i + 1);
    const attrs = { low: [1, 1], high: [0, 0], interior: [0, 0] };
    const out = { shape: [rows, columns], dtype: 'float32' as const };
    const y = runKernel(webgl, 'pad', [{ ...out, shape: [height, width], data }], attrs, out);
    let wrong = 0;
    for (let i = 0; i < rows * columns; i++) {
      const [row, column] = [Math.floor(i / columns) - 1, (i % columns) - 1];
      if (y?.[i] !== (row < 0 || column < 0 ? 0 : row * width + column + 1)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it.each([
    [[3], [2, 3]],
    [[], [4, 4]],
    [[8], [5, 8]],
    [
      [2, 1, 3],
      [2, 4, 3],
    ],
    [[1], [0]],
  ])('broadcastTo %j to %j', (shape: number[], to: number[]) => {
    expectSame('broadcastTo', [random(shape)], { shape: to }, to, 'float32');
  });

  it('reverse', () => {
    expectSame('reverse', [random([3, 4, 5])], { axes: [0, 2] }, [3, 4, 5], 'float32');
    expectSame('reverse', [random([3, 8])], { axes: [0] }, [3, 8], 'float32');
    expectSame('reverse', [random([0])], { axes: [0] }, [0], 'float32');
    expectSame('reverse', [random([7])], { axes: [] }, [7], 'float32');
  });

  it.each([
    [[10], [2], [4], [2]],
    [[24], [0], [12], [1]],
    [
      [8, 3],
      [0, 0],
      [4, 3],
      [1, 1],
    ],
    [
      [5, 8],
      [1, 4],
      [3, 4],
      [1, 1],
    ],
    [
      [5, 8],
      [1, 3],
      [2, 2],
      [3, 2],
    ],
    [
      [3, 4, 5],
      [0, 1, 2],
      [3, 2, 0],
      [1, 2, 1],
    ],
  ])('slice %j', (shape: number[], begin: number[], size: number[], strides: number[]) => {
    expectSame('slice', [random(shape)], { begin, size, strides }, size, 'float32');
  });

  it.each([
    [[3], [2], [1], [0]],
    [
      [2, 3],
      [1, 0],
      [0, 2],
      [0, 1],
    ],
    [
      [4, 1, 3],
      [0, 2, 1],
      [0, 0, 3],
      [2, 3, 1],
    ],
    [
      [0, 2],
      [1, 1],
      [1, 0],
      [1, 0],
    ],
    [[], [], [], []],
  ])('pad %j', (shape: number[], low: number[], high: number[], interior: number[]) => {
    const out = shape.map((n, k) => low[k] + high[k] + n + Math.max(n - 1, 0) * interior[k]);
    expectSame('pad', [random(shape)], { low, high, interior }, out, 'float32');
  });

  it('concat', () => {
    expectSame('concat', [random([2, 3]), random([2, 0]), random([2, 5])], { axis: 1 }, [2, 8], 'float32');
    expectSame('concat', [random([2, 4]), random([3, 4])], { axis: 0 }, [5, 4], 'float32');
    expectSame('concat', [random([2, 4]), random([2, 8])], { axis: 1 }, [2, 12], 'float32');
    expectSame('concat', [random([0]), random([0])], { axis: 0 }, [0], 'float32');
    expectSame('concat', [random([3], 'int32')], { axis: 0 }, [3], 'int32');
  });

  it('concat of more tensors than a launch takes textures', () => {
    const many = Array.from({ length: 40 }, (_, k) => random([2, (k % 3) + 1], 'int32'));
    const width = many.reduce((sum, { shape }) => sum + shape[1], 0);
    expectSame('concat', many, { axis: 1 }, [2, width], 'int32');
  });

  it('gather', () => {
    const indices = host([2, 2], 'int32', [3, 0, 1, 3]);
    expectSame('gather', [random([4, 3]), indices], { axis: 0 }, [2, 2, 3], 'float32');
    expectSame('gather', [random([4, 8]), indices], { axis: 0 }, [2, 2, 8], 'float32');
    expectSame('gather', [random([2, 4, 3]), indices], { axis: 1 }, [2, 2, 2, 3], 'float32');
    expectSame('gather', [random([4]), host([], 'int32', [2])], { axis: 0 }, [], 'float32');
  });

  it('unfold', () => {
    const attrs = { axes: [1, 2], window: [3, 2], strides: [2, 1], dilations: [1, 2] };
    expectSame('unfold', [random([2, 7, 5, 3])], attrs, [2, 3, 3, 3, 3, 2], 'float32');
    expectSame('unfold', [random([8])], { axes: [0], window: [4], strides: [4], dilations: [1] }, [2, 4], 'float32');
  });

  it('fold', () => {
    const attrs = { axes: [1, 2], window: [3, 2], strides: [2, 1], dilations: [1, 2] };
    const wide = { ...attrs, size: [7, 5] };
    expectSame('fold', [random([2, 3, 3, 3, 3, 2])], wide, [2, 7, 5, 3], 'float32', 1e-6);
    expectSame('fold', [random([2, 3, 3, 3, 3, 2], 'int32')], wide, [2, 7, 5, 3], 'int32');
    const gaps = { axes: [0], window: [2], strides: [3], dilations: [1], size: [9] };
    expectSame('fold', [random([3, 2])], gaps, [9], 'float32');
    expectSame('fold', [random([0, 2])], { ...gaps, size: [1] }, [1], 'float32');
  });

  it('scatterAdd', () => {
    const indices = host([2, 2], 'int32', [3, 0, 1, 3]);
    for (const inner of [3, 8]) {
      expectSame('scatterAdd', [random([2, 2, inner]), indices], { axis: 0, size: 5 }, [5, inner], 'float32', 1e-6);
      const updates = random([3, 2, 2, inner], 'int32');
      expectSame('scatterAdd', [updates, indices], { axis: 1, size: 4 }, [3, 4, inner], 'int32');
    }
    // So many comparisons that the indices are sorted first.
    const many = random([3000], 'int32', 0, 500);
    for (const shape of [[3000], [2, 3000, 4]]) {
      const axis = shape.length > 1 ? 1 : 0;
      const out = shape.map((n, k) => (k === axis ? 5000 : n));
      expectSame('scatterAdd', [random(shape, 'int32'), many], { axis, size: 5000 }, out, 'int32');
    }
    expectSame('scatterAdd', [random([0, 2]), host([0], 'int32', [])], { axis: 0, size: 3 }, [3, 2], 'float32');
  });
});
