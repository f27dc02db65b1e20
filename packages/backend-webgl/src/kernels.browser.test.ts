import { createReferenceBackend } from '@wengert/backend-reference';
import { type DType, type Shape, sizeOf } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from './index.ts';
import { error, type Host, host, random, runKernel } from './testing.ts';

const webgl = createWebglBackend();
const reference = createReferenceBackend();

function expectSame(op: string, inputs: Host[], attrs: object, shape: Shape, dtype: DType, tolerance = 0): void {
  const out = { shape, dtype };
  const expected = runKernel(reference, op, inputs, attrs, out);
  const actual = runKernel(webgl, op, inputs, attrs, out);
  if (actual === null || expected === null) throw new Error(`${op} was not served`);
  expect(error(actual, expected, 1), `${op} ${JSON.stringify(attrs)}`).toBeLessThanOrEqual(tolerance);
}

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
});

describe('reductions', () => {
  const CASES: [Shape, number[]][] = [
    [[7], [0]],
    [[3, 5], [0]],
    [[3, 5], [1]],
    [[6, 8], [0]],
    [[6, 8], [1]],
    [
      [3, 4, 5],
      [0, 2],
    ],
    [
      [3, 4, 5, 2],
      [1, 3],
    ],
    [[2, 3, 4], [1]],
    [
      [2, 3, 4],
      [0, 1, 2],
    ],
    [
      [1, 3, 1],
      [0, 2],
    ],
    [[5000], [0]],
    [[3001, 2], [0]],
    [[2, 2001], [1]],
    [[1200, 4], [0]],
    [[0, 3], [0]],
    [[0, 3], [1]],
    [[], []],
    [[4], []],
  ];
  it.each(CASES)('%j over %j', (shape, axes) => {
    const out = shape.filter((_, axis) => !axes.includes(axis));
    const count = Math.max(1, sizeOf(axes.map((axis) => shape[axis])));
    expectSame('sum', [random(shape)], { axes }, out, 'float32', 2e-7 * Math.sqrt(count) + 2e-7);
    expectSame('sum', [random(shape, 'int32')], { axes }, out, 'int32');
    for (const op of ['max', 'min']) {
      expectSame(op, [random(shape)], { axes }, out, 'float32');
      expectSame(op, [random(shape, 'bool')], { axes }, out, 'bool');
      if (sizeOf(shape) > 0) expectSame(op, [random(shape, 'int32')], { axes }, out, 'int32');
    }
  });

  it('max and min see a NaN and infinities', () => {
    const x = host([3, 5], 'float32', [1, NaN, 3, 4, 5, -Infinity, 2, 3, 4, 5, Infinity, 2, 3, 4, -Infinity]);
    for (const op of ['max', 'min', 'sum']) {
      expectSame(op, [x], { axes: [1] }, [3], 'float32');
      expectSame(op, [x], { axes: [0] }, [5], 'float32');
    }
  });

  it('leaves int32 sums that floats do not hold to the fallback', () => {
    const x = host([3], 'int32', [2 ** 23, 2 ** 23, 2 ** 23]);
    expect(runKernel(webgl, 'sum', [x], { axes: [0] }, { shape: [], dtype: 'int32' })).toBeNull();
  });

  it('argMax', () => {
    expectSame('argMax', [random([6, 7])], { axis: 1 }, [6], 'int32');
    expectSame('argMax', [random([6, 7], 'int32', -2, 2)], { axis: 0 }, [7], 'int32');
    const x = host([4, 3], 'float32', [NaN, 1, 1, NaN, NaN, NaN, 1, NaN, 2, -Infinity, -Infinity, NaN]);
    expectSame('argMax', [x], { axis: 1 }, [4], 'int32');
  });
});

describe('matMul', () => {
  const SIZES = [
    [1, 1, 1],
    [3, 5, 7],
    [4, 8, 12],
    [5, 4, 3],
    [2, 8, 4],
    [33, 35, 37],
    [36, 34, 32],
    [64, 32, 48],
  ];
  it.each(SIZES)('%i x %i x %i', (m, k, n) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        for (const [batchA, batchB, batch] of [
          [[], [], []],
          [[2], [2], [2]],
          [[2, 1], [3], [2, 3]],
          [[], [2], [2]],
          [[2], [], [2]],
        ] as Shape[][]) {
          const a = random([...batchA, ...(transposeA ? [k, m] : [m, k])], 'float32', -1, 1);
          const b = random([...batchB, ...(transposeB ? [n, k] : [k, n])], 'float32', -1, 1);
          expectSame('matMul', [a, b], { transposeA, transposeB }, [...batch, m, n], 'float32', 2e-6);
        }
      }
    }
  });

  it('of nothing, of int32, and of what leaves its range', () => {
    const attrs = { transposeA: false, transposeB: false };
    expectSame('matMul', [random([2, 0]), random([0, 3])], attrs, [2, 3], 'float32');
    expectSame('matMul', [random([0, 2]), random([2, 3])], attrs, [0, 3], 'float32');
    expectSame('matMul', [random([3, 4], 'int32'), random([4, 5], 'int32')], attrs, [3, 5], 'int32');
    const big = host([1, 1], 'int32', [5000]);
    expect(runKernel(webgl, 'matMul', [big, big], attrs, big)).toBeNull();
  });

  it('keeps a NaN where it belongs', () => {
    const a = host([2, 3], 'float32', [1, 2, NaN, 4, 5, 6]);
    const b = random([3, 50]);
    expectSame('matMul', [a, b], { transposeA: false, transposeB: false }, [2, 50], 'float32', 1e-6);
    const c = random([200, 50], 'float32', -1, 1);
    c.data[7] = Infinity;
    expectSame(
      'matMul',
      [random([50, 200], 'float32', -1, 1), c],
      { transposeA: false, transposeB: false },
      [50, 50],
      'float32',
      1e-5,
    );
  });
});

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
