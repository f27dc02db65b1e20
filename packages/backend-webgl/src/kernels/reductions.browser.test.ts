import { createReferenceBackend } from '@wengert/backend-reference';
import { type Shape, sizeOf } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { agreement, host, random, runKernel } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();
const expectSame = agreement(webgl, reference);

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

  it('prod', () => {
    const x = host([2, 3], 'float32', [2, 3, 4, -5, 6, 0.5]);
    const prod = (axes: number[], shape: Shape) => runKernel(webgl, 'prod', [x], { axes }, { shape, dtype: 'float32' });
    expect(prod([1], [2])).toEqual(Float32Array.of(24, -15));
    expect(prod([0], [3])).toEqual(Float32Array.of(-10, 18, 2));
    expect(prod([0, 1], [])).toEqual(Float32Array.of(-360));
    const whole = host([2, 3], 'int32', [-2, 3, 4, 0, 5, 7]);
    expect(runKernel(webgl, 'prod', [whole], { axes: [1] }, { shape: [2], dtype: 'int32' })).toEqual(
      Int32Array.of(-24, 0),
    );
    const big = host([2], 'int32', [5000, 5000]);
    expect(runKernel(webgl, 'prod', [big], { axes: [0] }, { shape: [], dtype: 'int32' })).toBeNull();
  });

  it('max and min see a NaN and infinities', () => {
    const x = host([3, 5], 'float32', [1, NaN, 3, 4, 5, -Infinity, 2, 3, 4, 5, Infinity, 2, 3, 4, -Infinity]);
    for (const op of ['max', 'min', 'sum']) {
      expectSame(op, [x], { axes: [1] }, [3], 'float32');
      expectSame(op, [x], { axes: [0] }, [5], 'float32');
    }
  });

  it('argMax of nothing', () => {
    expectSame('argMax', [random([0, 3])], { axis: 1 }, [0], 'int32');
  });

  it('leaves int32 sums that floats do not hold to the fallback', () => {
    const x = host([3], 'int32', [2 ** 23, 2 ** 23, 2 ** 23]);
    expect(runKernel(webgl, 'sum', [x], { axes: [0] }, { shape: [], dtype: 'int32' })).toBeNull();
  });

  it('argMax', () => {
    expectSame('argMax', [random([6, 7])], { axis: 1 }, [6], 'int32');
    expectSame('argMax', [random([2, 70_001], 'int32', 0, 90)], { axis: 1 }, [2], 'int32');
    expectSame('argMax', [random([1100, 3])], { axis: 0 }, [3], 'int32');
    expectSame('argMax', [random([6, 7], 'int32', -2, 2)], { axis: 0 }, [7], 'int32');
    const x = host([4, 3], 'float32', [NaN, 1, 1, NaN, NaN, NaN, 1, NaN, 2, -Infinity, -Infinity, NaN]);
    expectSame('argMax', [x], { axis: 1 }, [4], 'int32');
  });

  it('cumsum', () => {
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        for (const [shape, axis] of [
          [[7], 0],
          [[3, 9, 4], 1],
          [[2, 8], 0],
          [[1, 2], 0],
          [[0, 3], 0],
          [[600], 0],
        ] as [Shape, number][]) {
          const attrs = { axis, exclusive, reverse };
          expectSame('cumsum', [random(shape)], attrs, shape, 'float32', 2e-5);
          expectSame('cumsum', [random(shape, 'int32')], attrs, shape, 'int32');
        }
      }
    }
  });
});
