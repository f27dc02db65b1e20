import '@wengert/backend-cpu';
import {
  ArgumentError,
  add,
  addN,
  type Backend,
  BackendError,
  concat,
  cumsum,
  grad,
  linalg,
  matMul,
  mul,
  ones,
  setBackend,
  stack,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
} from '@wengert/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';

const { gl, maxSide } = sharedContext();

afterEach(() => {
  vi.restoreAllMocks();
});

/** A backend that may hold `maxBytes`, selected. */
async function limited(maxBytes: number): Promise<Backend> {
  const backend = createWebglBackend({ hostElements: 0, maxBytes });
  await setBackend(backend);
  return backend;
}

const upTo = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i);

/** That `f` fails with this message, leaves no memory behind, and that the backend goes on. */
function expectRefusal(backend: Backend, f: () => Tensor | readonly Tensor[], message: RegExp): void {
  const before = backend.memory?.();
  expect(f).toThrow(BackendError);
  expect(f).toThrow(message);
  expect(backend.memory?.()).toEqual(before);
  using four = tensor1d([1, 2, 3, 4]);
  using doubled = add(four, four);
  expect(doubled.dataSync()).toEqual(Float32Array.of(2, 4, 6, 8));
}

describe('the limit of bytes', () => {
  it('is named, with what is held and the way out, by the op that met it', async () => {
    const backend = await limited(16 * 1024);
    using _held = tensor1d(upTo(2048));
    expect(backend.memory?.()).toEqual({ blocks: 1, bytes: 8192 });
    const refused = /12288 bytes more would exceed the limit of 16384, of which tensors hold 8192; .*maxBytes/;
    expectRefusal(backend, () => tensor1d(upTo(3072)), /^webgl: write: .*dispose\(\).*tidy\(\)/);
    expectRefusal(backend, () => tensor1d(upTo(3072)), refused);
    using left = tensor(upTo(32), [32, 1]);
    using right = tensor(upTo(128), [1, 128]);
    expectRefusal(backend, () => matMul(left, right), /^webgl: matMul: 16384 bytes more/);
  });

  it('makes room by deleting unused textures first', async () => {
    const backend = await limited(16 * 1024);
    const deleted = vi.spyOn(gl, 'deleteTexture');
    for (let size = 256; size <= 4096; size += 256) {
      using x = tensor1d(upTo(size));
      expect(x.dataSync()).toEqual(upTo(size));
    }
    expect(deleted.mock.calls.length).toBeGreaterThan(8);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('holds in the middle of a kernel, whatever it made before', async () => {
    const backend = await limited(5 * 4096);
    using x = tensor1d(upTo(1024));
    const refused = /4096 bytes more would exceed the limit of 20480/;
    using y = tensor1d(upTo(1024));
    // A running sum takes two textures beside its input at a time.
    using sums = cumsum(x);
    expect(sums.dataSync()[1023]).toBe(523776);
    using z = tensor1d(upTo(1024));
    expectRefusal(backend, () => cumsum(y), refused);
    expect(z.dataSync()).toEqual(upTo(1024));
  });

  it('holds among the outputs of a fallback, of which the first is given back', async () => {
    const backend = await limited(128 + 128 + 32);
    using x = tensor(upTo(32), [8, 4]);
    const written = vi.spyOn(backend, 'write');
    expectRefusal(backend, () => linalg.qr(x), /^webgl: write: 64 bytes more .* of which tensors hold 256;/);
    expect(written.mock.results.map(({ type }) => type).slice(0, 2)).toEqual(['return', 'throw']);
  });

  it('holds in a gradient, of which nothing stays', async () => {
    const backend = await limited(64 * 1024);
    using x = tensor1d(upTo(2048));
    const before = backend.memory?.();
    const slope = grad((y: Tensor) => {
      let z = y;
      for (let i = 0; i < 20; i++) z = cumsum(mul(z, y));
      return sum(z);
    });
    expect(() => slope(x)).toThrow(/would exceed the limit of 65536/);
    expect(backend.memory?.()).toEqual(before);
    using easy = grad((y: Tensor) => sum(mul(y, y)))(x);
    expect(easy.dataSync()[3]).toBe(6);
  });

  it('must be a number of bytes', () => {
    expect(() => createWebglBackend({ hostElements: 0, maxBytes: NaN })).toThrow(ArgumentError);
    expect(() => createWebglBackend({ poolBytes: -1 })).toThrow(/poolBytes must be a number of bytes, not -1/);
    expect(() => createWebglBackend({ hostElements: NaN })).toThrow(/hostElements must be a number of elements/);
  });
});

describe('the GPU', () => {
  it('says how large a tensor may be', async () => {
    const backend = await limited(Number.POSITIVE_INFINITY);
    using one = ones([1]);
    expectRefusal(
      backend,
      () => one.broadcastTo([4 * maxSide ** 2 + 1]),
      new RegExp(`^webgl: broadcastTo: a tensor of ${4 * maxSide ** 2 + 1} elements exceeds .*; split it`),
    );
  });

  it('may be out of memory, until unused textures are deleted', async () => {
    const backend = await limited(Number.POSITIVE_INFINITY);
    let [errors, room] = [0, 0];
    vi.spyOn(gl, 'texStorage2D').mockImplementation(() => {
      errors = room-- > 0 ? 0 : 1;
    });
    vi.spyOn(gl, 'getError').mockImplementation(() => (errors-- > 0 ? gl.OUT_OF_MEMORY : gl.NO_ERROR));
    vi.spyOn(gl, 'texSubImage2D').mockImplementation(() => {});
    const deleted = vi.spyOn(gl, 'deleteTexture');
    const large = { shape: [2 ** 24], dtype: 'float32' as const };
    room = 1;
    const unused = backend.write(new Float32Array(2 ** 24), large);
    backend.free(unused);
    room = 0;
    const more = { shape: [2 ** 24 + 2 ** 20], dtype: 'float32' as const };
    const attempt = () => backend.write(new Float32Array(more.shape[0]), more);
    expect(attempt).toThrow(/^webgl: write: out of GPU memory for 71303168 bytes more, beside the 0 that tensors hold/);
    // Two attempts, and the unused texture between them.
    expect(deleted).toHaveBeenCalledTimes(3);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
    room = 1;
    backend.free(attempt());
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('whose values do not arrive gives an error instead of zeros', async () => {
    const backend = await limited(Number.POSITIVE_INFINITY);
    using x = tensor1d([1, 2, 3]);
    vi.spyOn(gl, 'readPixels').mockImplementation(() => {});
    vi.spyOn(gl, 'getBufferSubData').mockImplementation(() => {});
    expect(() => x.dataSync()).toThrow(/the GPU gave no values back/);
    await expect(x.data()).rejects.toThrow(BackendError);
    vi.restoreAllMocks();
    expect(x.dataSync()).toEqual(await x.data());
    expect(backend.memory?.().blocks).toBe(1);
  });

  it('gives back a NaN that looks like values that did not arrive', async () => {
    const bits = Uint32Array.of(0, 0, 0, 0x7fc0dead);
    await limited(Number.POSITIVE_INFINITY);
    using x = tensor1d(new Float32Array(bits.buffer));
    expect(x.dataSync()).toEqual(Float32Array.of(0, 0, 0, NaN));
    expect(await x.data()).toEqual(Float32Array.of(0, 0, 0, NaN));
  });
});

describe.each([15, 16, 40])('%i inputs', (count) => {
  const total = (count * (count - 1)) / 2;
  const numbers = (): Tensor[] => Array.from({ length: count }, (_, i) => tensor1d([i, i, i]));

  it('are joined, stacked and added up', async () => {
    const backend = await limited(Number.POSITIVE_INFINITY);
    tidy(() => {
      const all = numbers();
      expect(concat(all).dataSync()).toEqual(Float32Array.from({ length: 3 * count }, (_, i) => Math.floor(i / 3)));
      expect(stack(all, 1).dataSync()).toEqual(Float32Array.from({ length: 3 * count }, (_, i) => i % count));
      expect(addN(all).dataSync()).toEqual(Float32Array.of(total, total, total));
      const chained = all.reduce((sum, x) => add(sum, mul(x, x)));
      const squares = upTo(count).reduce((sum, i) => sum + i * i, 0);
      expect(chained.dataSync()).toEqual(Float32Array.of(squares, squares, squares));
    });
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('have gradients', async () => {
    await limited(Number.POSITIVE_INFINITY);
    tidy(() => {
      const all = numbers();
      const loss = (x: Tensor) => sum(mul(stack([x, ...all.slice(1)]), addN([x, ...all.slice(1)])));
      // d/dx of (x + rest) * (x + rest) at x = 0, for each column.
      expect(grad(loss)(all[0]).dataSync()).toEqual(Float32Array.of(2 * total, 2 * total, 2 * total));
    });
  });
});
