import { createReferenceBackend } from '@wengert/backend-reference';
import { convertValues, ShapeError } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { ALL, agreement, generator, NUMBERS, run } from '../agreement.ts';
import { rearrangementCalls, WINDOWS } from '../cases/rearrangementCalls.ts';
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

  it.each(Object.entries(rearrangementCalls))('%s', (_name, calls) => {
    for (const dtype of ALL) for (const call of calls(random, dtype)) agree(...call);
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

  it('fold', () => {
    for (const dtype of NUMBERS) {
      for (const { shape, out, attrs } of WINDOWS) {
        const size = attrs.axes.map((axis) => shape[axis]);
        agree('fold', [random([...out, ...attrs.window], dtype)], { ...attrs, size }, { shape, dtype });
      }
    }
  });
});
