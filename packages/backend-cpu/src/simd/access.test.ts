import { BackendError } from '@wengert/core';
import { afterEach, expect, it, vi } from 'vitest';
import { generator, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';
import { sharedHeap } from '../heap.ts';
import { simdWorks } from './access.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const random = generator(8);
const square = random([40, 40], 'float32');
const attrs = { transposeA: false, transposeB: true };

it('leaves everything to plain loops where a content security policy forbids to compile', () => {
  expect(simdWorks()).toBe(true);
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
    throw new WebAssembly.CompileError('refused by the content security policy');
  });
  expect(() => createCpuBackend({ simd: true })).toThrow(BackendError);
  const [strict, plain] = [createCpuBackend(), createCpuBackend({ simd: false })];
  for (const op of ['exp', 'matMul', 'sum', 'softmax']) expect(strict.kernels.get(op)).toBe(plain.kernels.get(op));
  expect(strict.kernels.get('exp')).not.toBe(undefined);
});

it('serves what does not live on the heap, and leaves nothing there', () => {
  const simd = createCpuBackend({ simd: true });
  const heap = sharedHeap();
  const [before] = run(simd, 'matMul', [square, square], attrs, [square]);
  const size = heap?.memory.buffer.byteLength;
  // What is smaller than the bound for unscoped tensors is an array, which is copied in and out.
  for (let i = 0; i < 3000; i++) run(simd, 'matMul', [square, square], attrs, [square]);
  expect(run(simd, 'matMul', [square, square], attrs, [square])[0]).toEqual(before);
  expect(heap?.memory.buffer.byteLength).toBe(size);
});

it('gives way to the plain loops where the heap is full', () => {
  const [simd, plain] = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })];
  const [expected] = run(plain, 'add', [square, square], {}, [square]);
  const heap = sharedHeap();
  vi.spyOn(heap ?? { allocate: () => 0 }, 'allocate').mockReturnValue(0);
  const held = simd.memory?.();
  expect(run(simd, 'add', [square, square], {}, [square])[0]).toEqual(expected);
  // Two inputs and one output are never freed here.
  expect(simd.memory?.().blocks).toBe((held?.blocks ?? 0) + 3);
});

it('gives back what it has made, wherever the heap runs out', () => {
  const simd = createCpuBackend({ simd: true });
  const heap = sharedHeap() ?? { allocate: () => 0 };
  const allocate = heap.allocate.bind(heap);
  const spec = { shape: [40, 40], dtype: 'float32' } as const;
  const x = { ...spec, storage: simd.write(square.data.slice(), spec) };
  const out = { shape: [40], dtype: 'float32', scoped: false } as const;
  const results: boolean[] = [];
  for (let room = 0; room < 8; room++) {
    let left = room;
    vi.spyOn(heap, 'allocate').mockImplementation((bytes) => (left-- > 0 ? allocate(bytes) : 0));
    const before = simd.memory?.().blocks ?? 0;
    const made = simd.kernels.get('moments')?.([x], { axes: [0] }, [out, out]) ?? [];
    vi.restoreAllMocks();
    expect(simd.memory?.().blocks).toBe(before + made.length);
    results.push(made.length > 0);
    for (const storage of made) simd.free(storage);
  }
  expect(new Set(results)).toEqual(new Set([false, true]));
});
