import { createReferenceBackend } from '@wengert/backend-reference';
import { convertValues, type Shape, ShapeError } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { ALL, agreement, generator, NUMBERS, run } from '../agreement.ts';
import { transposeCalls } from '../cases/transposeCalls.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 0, 0);

const SPECIAL = [0, -0, 0.5, -0.5, 1.7, -1.7, 3, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31) - 1, 2 ** 33 + 5];

describe('movement', () => {
  it('cast', () => {
    for (const from of ALL) {
      for (const dtype of ALL) {
        const x = { shape: [SPECIAL.length], dtype: from, data: convertValues(SPECIAL, from) };
        agree('cast', [x], { dtype }, { shape: x.shape, dtype });
        agree('cast', [random([], from)], { dtype }, { shape: [], dtype });
      }
    }
  });

  it.each(Object.entries(transposeCalls))('%s', (_name, calls) => {
    for (const dtype of ALL) for (const call of calls(random, dtype)) agree(...call);
  });

  it('broadcastTo', () => {
    const cases: [Shape, Shape][] = [
      [[], [3]],
      [[1], [0]],
      [[], []],
      [[60], [3, 60]],
      [
        [3, 1],
        [3, 60],
      ],
      [
        [3, 1],
        [2, 3, 5],
      ],
      [
        [2, 1, 3, 1],
        [4, 2, 5, 3, 6],
      ],
    ];
    for (const dtype of ALL)
      for (const [from, shape] of cases) agree('broadcastTo', [random(from, dtype)], { shape }, { shape, dtype });
  });

  it('reverse', () => {
    const cases: [Shape, number[]][] = [
      [[5], [0]],
      [[0], [0]],
      [[3, 60], [0]],
      [[3, 60], [1]],
      [
        [2, 3, 4],
        [0, 2],
      ],
      [[2, 3, 4], []],
    ];
    for (const dtype of ALL)
      for (const [shape, axes] of cases) agree('reverse', [random(shape, dtype)], { axes }, { shape, dtype });
  });

  it('slice', () => {
    const cases: [Shape, number[], number[], number[]][] = [
      [[], [], [], []],
      [[9], [2], [3], [2]],
      [
        [4, 100],
        [1, 3],
        [2, 90],
        [1, 1],
      ],
      [
        [4, 100],
        [0, 0],
        [2, 34],
        [2, 3],
      ],
      [
        [3, 4, 5],
        [1, 0, 2],
        [2, 4, 0],
        [1, 1, 1],
      ],
      [
        [3, 4, 5],
        [1, 0, 2],
        [1, 4, 3],
        [1, 1, 1],
      ],
    ];
    for (const dtype of ALL) {
      for (const [shape, begin, size, strides] of cases) {
        agree('slice', [random(shape, dtype)], { begin, size, strides }, { shape: size, dtype });
      }
    }
  });

  it('pad', () => {
    const cases: [Shape, number[], number[], number[]][] = [
      [[], [], [], []],
      [[3], [1], [2], [0]],
      [[3], [0], [2], [2]],
      [[0], [1], [2], [1]],
      [
        [3, 50],
        [1, 0],
        [0, 3],
        [1, 0],
      ],
      [
        [2, 3, 4],
        [0, 1, 2],
        [1, 0, 1],
        [0, 2, 1],
      ],
    ];
    for (const dtype of ALL) {
      for (const [shape, low, high, interior] of cases) {
        const out = shape.map((n, i) => low[i] + n + high[i] + Math.max(n - 1, 0) * interior[i]);
        agree('pad', [random(shape, dtype)], { low, high, interior }, { shape: out, dtype });
      }
    }
  });

  it('concat', () => {
    for (const dtype of ALL) {
      for (const axis of [0, 1, 2]) {
        const shapes = [2, 0, 3].map((n) => [2, 3, 4].map((length, i) => (i === axis ? n : length)));
        const out = [2, 3, 4].map((length, i) => (i === axis ? 5 : length));
        agree(
          'concat',
          shapes.map((shape) => random(shape, dtype)),
          { axis },
          { shape: out, dtype },
        );
      }
      agree('concat', [random([7], dtype)], { axis: 0 }, { shape: [7], dtype });
    }
  });

  it('gather and scatterAdd', () => {
    for (const dtype of ALL) {
      for (const shape of [[5], [4, 3], [2, 5, 60], [3, 4, 2]]) {
        for (const axis of shape.keys()) {
          for (const at of [[], [3], [2, 4], [0]]) {
            const indices = random(at, 'int32', 0, shape[axis]);
            const gathered = [...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)];
            agree('gather', [random(shape, dtype), indices], { axis }, { shape: gathered, dtype });
            if (dtype === 'bool') continue;
            agree('scatterAdd', [random(gathered, dtype), indices], { axis, size: shape[axis] }, { shape, dtype });
          }
        }
      }
    }
    const outside = { shape: [1], dtype: 'int32' as const, data: Int32Array.of(3) };
    const x = random([3], 'float32');
    expect(() => run(cpu, 'gather', [x, outside], { axis: 0 }, [outside])).toThrow(ShapeError);
    expect(() => run(cpu, 'scatterAdd', [random([1], 'float32'), outside], { axis: 0, size: 3 }, [x])).toThrow(
      ShapeError,
    );
  });

  it('unfold and fold', () => {
    const cases: [Shape, number[], number[], number[], number[]][] = [
      [[7], [0], [3], [1], [1]],
      [[9], [0], [3], [2], [2]],
      [
        [2, 6, 7, 3],
        [1, 2],
        [2, 3],
        [1, 2],
        [2, 1],
      ],
      [[4, 5], [1], [1], [1], [1]],
    ];
    for (const dtype of NUMBERS) {
      for (const [shape, axes, window, strides, dilations] of cases) {
        const out: number[] = [...shape];
        for (const [i, axis] of axes.entries())
          out[axis] = Math.floor((shape[axis] - dilations[i] * (window[i] - 1) - 1) / strides[i]) + 1;
        const attrs = { axes, window, strides, dilations };
        agree('unfold', [random(shape, dtype)], attrs, { shape: [...out, ...window], dtype });
        const size = axes.map((axis) => shape[axis]);
        agree('fold', [random([...out, ...window], dtype)], { ...attrs, size }, { shape, dtype });
      }
    }
  });
});
