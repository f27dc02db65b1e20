import { BackendError } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from './index.ts';

describe('createReferenceBackend', () => {
  const spec = { shape: [2], dtype: 'float64' } as const;

  it('stores all dtypes, float64 being its default', () => {
    expect([...createReferenceBackend().dtypes]).toEqual(['float64', 'float32', 'int32', 'bool']);
  });

  it('takes what is written, lends it, and copies what is read', async () => {
    const backend = createReferenceBackend();
    const data = Float64Array.of(1, 2);
    const block = { storage: backend.write(data, spec), ...spec };
    expect(backend.borrowSync?.(block, (view) => view === data)).toBe(true);
    for (const copy of [await backend.read(block), backend.readSync?.(block)]) {
      expect(copy).toEqual(data);
      expect(copy).not.toBe(data);
    }
  });

  it('refuses promises', () => {
    expect(() => createReferenceBackend().write(Promise.resolve(Float64Array.of(1, 2)), spec)).toThrow(BackendError);
  });

  it('counts its memory, each backend its own', () => {
    const [backend, other] = [createReferenceBackend(), createReferenceBackend()];
    const x = backend.write(Float64Array.of(1, 2), spec);
    const outputs = [{ shape: [2], dtype: 'int32', scoped: false }] as const;
    const [y] = backend.kernels.get('cast')?.([{ storage: x, ...spec }], { dtype: 'int32' }, outputs) ?? [];
    expect(backend.memory?.()).toEqual({ blocks: 2, bytes: 16 + 8 });
    backend.free(x);
    expect(backend.memory?.()).toEqual({ blocks: 1, bytes: 8 });
    backend.free(y);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
    expect(other.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('leaves inputs as they are', () => {
    const backend = createReferenceBackend();
    const data = Float64Array.of(4, 2, 2, 5);
    const matrix = { shape: [2, 2], dtype: 'float64' } as const;
    const block = { storage: backend.write(data, matrix), ...matrix };
    const output = { ...matrix, scoped: false };
    for (const op of ['cholesky', 'solve', 'qr']) {
      backend.kernels.get(op)?.(
        op === 'solve' ? [block, block] : [block],
        {},
        op === 'qr' ? [output, output] : [output],
      );
      expect(data).toEqual(Float64Array.of(4, 2, 2, 5));
    }
  });
});
