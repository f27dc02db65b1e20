import '@wengert/backend-cpu';
import {
  exp,
  GradientTape,
  linalg,
  matMul,
  memory,
  mul,
  setBackend,
  softmax,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
} from '@wengert/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedContext } from './context.ts';
import { backend, checkWorking, LOST, lose, loseAndRestore, restore } from './losing.ts';
import { random } from './testing.ts';

const { gl } = sharedContext();

beforeEach(async () => {
  await setBackend(backend);
});

/** Loses the context just before the `count`th call of a method of WebGL's. */
async function losingAt(method: keyof typeof gl & string, count: number, f: () => unknown): Promise<void> {
  const before = memory();
  const own = Reflect.get(gl, method) as (...args: unknown[]) => unknown;
  let calls = 0;
  Object.defineProperty(gl, method, {
    configurable: true,
    value: (...args: unknown[]) => {
      if (++calls === count) lose();
      return own.apply(gl, args);
    },
  });
  try {
    // Some work is only queued: then the read says what happened.
    await expect((async () => tidy(() => void f()))()).rejects.toThrow(LOST);
  } finally {
    Reflect.deleteProperty(gl, method);
  }
  expect(calls).toBeGreaterThanOrEqual(count);
  await restore();
  checkWorking(before);
}

describe('a loss in the middle', () => {
  const data = random([64, 64]).data as Float32Array;
  const chain = (): Float32Array => {
    const x = tensor(data, [64, 64]);
    return sum(softmax(mul(exp(matMul(x, x)), x))).dataSync() as Float32Array;
  };

  it.each([
    ['createTexture', 1],
    ['createTexture', 3],
    ['texStorage2D', 2],
    ['texSubImage2D', 1],
    ['createProgram', 1],
    ['compileShader', 1],
    ['compileShader', 4],
    ['linkProgram', 2],
    ['getUniformLocation', 3],
    ['framebufferTexture2D', 1],
    ['drawArrays', 1],
    ['drawArrays', 3],
    ['readPixels', 1],
  ] as const)('of %s, call %i, is an error and not zeros', async (method, count) => {
    // Nothing compiled or pooled is left from other tests.
    await loseAndRestore();
    await losingAt(method, count, chain);
  });

  it('of a fallback to the processor is one too', async () => {
    const x = tensor([3, 1, 2, 4], [2, 2]);
    const own = backend.readSync?.bind(backend);
    const reading = vi.spyOn(backend, 'readSync').mockImplementation((block) => {
      const values = own?.(block) as Float32Array;
      lose();
      return values;
    });
    expect(() => linalg.qr(x)).toThrow(LOST);
    reading.mockRestore();
    await restore();
    x.dispose();
    checkWorking();
  });

  it('of a region of a tape leaves the tape usable', async () => {
    const before = memory();
    const tape = new GradientTape({ persistent: true });
    const x = tensor1d([1, 2, 3]);
    tape.watch(x);
    const y = tidy(() => sum(mul(x, x)));
    lose();
    expect(() => mul(y, tensor1d([1]))).toThrow(LOST);
    await restore();
    const z = tensor1d([4, 5, 6]);
    tape.watch(z);
    const w = tidy(() => sum(mul(z, z)));
    tape.close();
    expect(() => tidy(() => (tape.gradient(y, x) as Tensor).dataSync())).toThrow(LOST);
    const found = tape.gradient(w, z) as Tensor;
    expect(found.dataSync()).toEqual(Float32Array.of(8, 10, 12));
    tape[Symbol.dispose]();
    for (const one of [x, y, z, w, found]) one.dispose();
    checkWorking(before);
  });
});
