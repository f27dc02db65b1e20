import { type Block, bytesPerElement, type DType, type Shape, type TypedArray } from '@wengert/core';
import { expect, it } from 'vitest';
import { ALL, agreement, generator, type Host } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { gather } from './gather.ts';

const random = generator(11);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;
const [cpu] = backends;
const agree = agreement(...backends, 0, 0);

function places(shape: Shape, size: number): Host {
  return { shape, dtype: 'int32', data: random(shape, 'int32', 0, size - 0.001).data };
}

function gathered(shape: Shape, axis: number, at: Shape): Shape {
  return [...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)];
}

function blockOf({ shape, dtype, data }: Host): Block {
  return { shape, dtype, storage: cpu.write(data, { shape, dtype }), exclusive: false };
}

/** The kernel's own result: no plain loop stands in. */
function served(x: Host, at: Host, axis: number): TypedArray | null {
  const out = { shape: gathered(x.shape, axis, at.shape), dtype: x.dtype, scoped: true };
  const storages = gather.gather?.([blockOf(x), blockOf(at)], { axis }, [out]);
  return storages ? (cpu.readSync?.({ ...out, storage: storages[0] }) ?? null) : null;
}

it('copies rows of any dtype and length, bit by bit', () => {
  for (const dtype of ALL) {
    for (const row of [1, 2, 3, 4, 5, 7, 16, 17, 33, 100, 1021]) {
      for (const at of [[259], [16, 17]]) {
        const x = random([40, row], dtype);
        if (dtype.startsWith('float')) x.data.set([NaN, Infinity, -Infinity, -0].slice(0, row), 3 * row);
        const indices = places(at, 40);
        agree('gather', [x, indices], { axis: 0 }, { shape: gathered(x.shape, 0, at), dtype });
        expect(served(x, indices, 0)).not.toBeNull();
      }
    }
  }
});

it('copies along every axis, and nothing where there is nothing', () => {
  for (const [shape, at] of [
    [[7, 9, 11], [13]],
    [
      [3, 1, 130],
      [2, 2],
    ],
    [[50, 60, 1], []],
    [[2, 3, 0], [4]],
    [[4, 5, 90], [0]],
    [[0, 6, 5], [3]],
  ] as [Shape, Shape][]) {
    for (const axis of shape.keys()) {
      if (shape[axis] === 0) continue;
      for (const dtype of ['float32', 'bool'] as DType[]) {
        agree(
          'gather',
          [random(shape, dtype), places(at, shape[axis])],
          { axis },
          { shape: gathered(shape, axis, at), dtype },
        );
      }
    }
  }
});

it('refuses places that there are not, and holds nothing afterwards', () => {
  const x = random([10, 64], 'float32');
  for (const wrong of [-1, 10, 2 ** 31 - 1, -(2 ** 31)]) {
    for (const where of [0, 17, 29]) {
      const at = places([30], 10);
      at.data[where] = wrong;
      const [block, indices] = [blockOf(x), blockOf(at)];
      const held = cpu.memory?.();
      const out = { shape: [30, 64], dtype: x.dtype, scoped: true };
      expect(() => cpu.kernels.get('gather')?.([block, indices], { axis: 0 }, [out])).toThrow(
        `gather: index ${wrong} is outside an axis of length 10`,
      );
      expect(cpu.memory?.()).toEqual(held);
    }
  }
});

it('does not bring a table to the heap for a few of its rows', () => {
  // More than what nobody promises to free may take there.
  const table = { shape: [2 ** 17, 65], dtype: 'float32' as const, data: new Float32Array(2 ** 17 * 65) };
  expect(table.data.length * bytesPerElement('float32')).toBeGreaterThan(2 ** 25);
  expect(served(table, places([16], 2 ** 17), 0)).toBeNull();
});
