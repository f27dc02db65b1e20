import { createReferenceBackend } from '@wengert/backend-reference';
import type { Shape } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { agreement, error, host, random, runKernel } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();
const expectSame = agreement(webgl, reference);

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
    [66, 67, 69],
    [65, 64, 68],
    [3, 110, 101],
    [2, 140, 124],
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
    expectSame('matMul', [a, b], { transposeA: false, transposeB: false }, [2, 50], 'float32', 1e-5);
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
describe('conv', () => {
  interface Case {
    readonly x: Shape;
    readonly filter: Shape;
    readonly strides: number[];
    readonly pads: [number, number][];
    readonly dilations: number[];
    readonly inputDilations: number[];
  }

  const CASES: Case[] = [
    { x: [1, 2, 9, 3], filter: [1, 3, 3, 5], strides: [1], pads: [[1, 1]], dilations: [1], inputDilations: [1] },
    { x: [3, 2, 9, 4], filter: [3, 3, 4, 8], strides: [2], pads: [[0, 2]], dilations: [2], inputDilations: [1] },
    {
      x: [1, 2, 6, 5, 3],
      filter: [1, 3, 2, 3, 4],
      strides: [2, 1],
      pads: [
        [1, 0],
        [0, 3],
      ],
      dilations: [1, 2],
      inputDilations: [1, 1],
    },
    {
      x: [2, 1, 5, 4, 4],
      filter: [2, 3, 3, 4, 4],
      strides: [1, 2],
      pads: [
        [2, -1],
        [-1, 2],
      ],
      dilations: [1, 1],
      inputDilations: [2, 3],
    },
    {
      x: [1, 1, 4, 3, 5, 2],
      filter: [1, 2, 2, 3, 2, 3],
      strides: [1, 1, 2],
      pads: [
        [0, 1],
        [1, 1],
        [0, 0],
      ],
      dilations: [2, 1, 1],
      inputDilations: [1, 2, 1],
    },
    // Texels of a row of channels, and of features, that no width of a texture is a multiple of.
    {
      x: [2, 2, 7, 6, 12],
      filter: [2, 3, 2, 12, 20],
      strides: [1, 2],
      pads: [
        [1, 1],
        [0, 1],
      ],
      dilations: [1, 2],
      inputDilations: [1, 1],
    },
    { x: [1, 0, 4, 2], filter: [1, 2, 2, 3], strides: [1], pads: [[0, 0]], dilations: [1], inputDilations: [1] },
    { x: [1, 2, 4, 0], filter: [1, 2, 0, 3], strides: [1], pads: [[0, 0]], dilations: [1], inputDilations: [1] },
  ];

  it.each(CASES)('x $x, filter $filter', ({ x, filter, ...attrs }) => {
    const window = filter.slice(1, -2);
    const spatial = window.map((k, axis) => {
      const length = (x[axis + 2] - 1) * attrs.inputDilations[axis] + 1 + attrs.pads[axis][0] + attrs.pads[axis][1];
      return Math.floor((length - attrs.dilations[axis] * (k - 1) - 1) / attrs.strides[axis]) + 1;
    });
    const shape = [x[0], x[1], ...spatial, filter[filter.length - 1]];
    expectSame('conv', [random(x), random(filter)], attrs, shape, 'float32', 2e-5);
    expectSame('conv', [random(x, 'int32'), random(filter, 'int32')], attrs, shape, 'int32');
  });

  it('conv2d is conv without groups', () => {
    const x = random([2, 6, 5, 3]);
    const filter = random([3, 2, 3, 4]);
    const attrs = {
      strides: [1, 2],
      pads: [
        [1, 1],
        [0, 1],
      ],
      dilations: [1, 1],
    };
    const actual = runKernel(webgl, 'conv2d', [x, filter], attrs, { shape: [2, 6, 3, 4], dtype: 'float32' });
    const inputs = [
      { ...x, shape: [1, ...x.shape] },
      { ...filter, shape: [1, ...filter.shape] },
    ];
    const grouped = { ...attrs, inputDilations: [1, 1] };
    const expected = runKernel(reference, 'conv', inputs, grouped, { shape: [1, 2, 6, 3, 4], dtype: 'float32' });
    expect(error(actual ?? [], expected ?? [], 1)).toBeLessThan(2e-5);
  });
});

it('maxPool', () => {
  const x = host([1, 3, 3, 1], 'float32', [1, 5, NaN, 4, 2, 6, NaN, NaN, 3]);
  const pool = (pads: number[][], shape: Shape) => {
    const attrs = { window: [2, 2], strides: [1, 1], dilations: [1, 1], pads };
    return runKernel(webgl, 'maxPool', [x], attrs, { shape, dtype: 'float32' });
  };
  const none = [
    [0, 0],
    [0, 0],
  ];
  expect(pool(none, [1, 2, 2, 1])).toEqual(Float32Array.of(5, 6, 4, 6));
  const bordered = [
    [0, 0],
    [1, 0],
  ];
  expect(pool(bordered, [1, 2, 3, 1])).toEqual(Float32Array.of(4, 5, 6, 4, 4, 6));
});
