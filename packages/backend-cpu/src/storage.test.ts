import { add, dispose, memory, setBackend, tensor, tidy, zeros } from '@wengert/core/functions';
import { beforeAll, expect, test, vi } from 'vitest';
import { backendOf } from './backend.ts';
import { everything } from './families.ts';
import { held, make, TINY } from './storage.ts';

const spec = (length: number) => ({ shape: [length], dtype: 'float32', scoped: false }) as const;

beforeAll(() => setBackend(backendOf(everything)));

test('a tiny storage is used again once it is freed, and no sooner', () => {
  const before = held();
  const first = make(spec(TINY));
  const second = make(spec(TINY));
  expect(second).not.toBe(first);
  first.data.fill(7);
  first.release();
  expect(make(spec(TINY - 1))).not.toBe(first);
  expect(make({ ...spec(TINY), dtype: 'int32' })).not.toBe(first);
  expect(make(spec(TINY))).toBe(first);
  expect(make(spec(TINY))).not.toBe(first);
  expect(held().blocks - before.blocks).toBe(5);
});

test('zeros are zeros in a storage that held something else', () => {
  for (let i = 0; i < 3; i++) {
    const storage = make(spec(3), 'zeros');
    expect([...storage.data]).toEqual([0, 0, 0]);
    storage.data.fill(5);
    storage.release();
  }
});

test('results that are kept do not change while others are made and freed', () => {
  const { numTensors } = memory();
  const kept = tidy(() => Array.from({ length: 100 }, (_, i) => add(tensor([i, i]), 1)));
  for (let i = 0; i < 100; i++) dispose(tidy(() => add(zeros([2]), i)));
  expect(kept.map((x) => x.dataSync()[1])).toEqual(kept.map((_, i) => i + 1));
  dispose(kept);
  expect(memory().numTensors).toBe(numTensors);
});

test('what the engine has no memory for is not counted', () => {
  const before = held();
  vi.stubGlobal(
    'Float32Array',
    class {
      constructor(length: number) {
        throw new RangeError(`no memory for ${length} elements`);
      }
    },
  );
  try {
    expect(() => make(spec(2 ** 30))).toThrow('no memory');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(held()).toEqual(before);
});
