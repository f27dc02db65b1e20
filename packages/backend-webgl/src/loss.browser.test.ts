import '@wengert/backend-cpu';
import {
  add,
  BackendError,
  exp,
  GradientTape,
  grad,
  linalg,
  matMul,
  memory,
  mul,
  ones,
  openRecorders,
  setBackend,
  softmax,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  topk,
  type Variable,
  variable,
} from '@wengert/core';
import { train } from '@wengert/optimizers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';
import { random } from './testing.ts';

const context = sharedContext();
const { gl } = context;
const canvas = gl.canvas as HTMLCanvasElement;
const extension = gl.getExtension('WEBGL_lose_context') as WEBGL_lose_context;
const LOST = /context was lost/;

const backend = createWebglBackend();

beforeEach(async () => {
  await setBackend(backend);
});

const event = (name: string): Promise<unknown> =>
  new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));

let told: Promise<unknown> = Promise.resolve();

function lose(): void {
  told = event('webglcontextlost');
  extension.loseContext();
}

/** Restores the context that `lose` took. */
async function restore(): Promise<void> {
  await told;
  // A context may be restored only after all listeners have seen its loss.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const restored = event('webglcontextrestored');
  extension.restoreContext();
  await restored;
}

async function loseAndRestore(): Promise<void> {
  lose();
  await restore();
}

/** What must hold after any loss: nothing is held, and everything works with new tensors. */
function expectWorking(held = memory()): void {
  tidy(() => {
    const x = tensor([1, 2, 3, 4], [2, 2]);
    expect(matMul(x, x).dataSync()).toEqual(Float32Array.of(7, 10, 15, 22));
    const slope = grad((y: Tensor) => sum(mul(exp(mul(y, 0)), mul(y, y))))(x);
    expect(slope.dataSync()).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(sum(softmax(x)).dataSync()[0]).toBeCloseTo(2, 6);
    expect(topk(x, 1).values.dataSync()).toEqual(Float32Array.of(2, 4));
  });
  expect(memory()).toEqual(held);
  expect(openRecorders()).toBe(0);
}

it('a lost context refuses everything that needs its values, until it is restored and afterwards', async () => {
  const before = memory();
  const x = tensor1d(random([100]).data);
  const y = add(x, 1);
  const values = y.data();
  const expectRefusal = async (): Promise<void> => {
    expect(() => x.dataSync()).toThrow(LOST);
    expect(() => y.dataSync()).toThrow(BackendError);
    await expect(x.data()).rejects.toThrow(LOST);
    expect(() => sum(x).dataSync()).toThrow(LOST);
    expect(() => topk(y, 2)).toThrow(LOST);
  };
  lose();
  await expectRefusal();
  expect(() => tensor1d([1, 2])).toThrow(LOST);
  await expect(backend.flush?.()).rejects.toThrow(LOST);
  await expect(values).rejects.toThrow(BackendError);
  await restore();
  await expectRefusal();
  await backend.flush?.();
  tidy(() => expectWorking());
  x.dispose();
  y.dispose();
  expect(memory()).toEqual(before);
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
});

it('every one of many waiting reads rejects, and so does a flush', async () => {
  const before = memory();
  const tensors = Array.from({ length: 40 }, (_, i) => tidy(() => mul(ones([64, 64]), i + 1)));
  const products = tensors.map((x) => matMul(x, x));
  const reads = [...tensors, ...products].map((x) => x.data());
  const settled = Promise.allSettled([...reads, backend.flush?.()]);
  lose();
  for (const { status, ...rest } of await settled) {
    expect(status).toBe('rejected');
    expect('reason' in rest && rest.reason).toBeInstanceOf(BackendError);
  }
  await restore();
  for (const x of [...tensors, ...products]) x.dispose();
  expectWorking(before);
});

it('reads that were answered before a loss have their values, and none has zeros', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const tensors = Array.from({ length: 6 }, (_, i) => tidy(() => mul(ones([256]), i + 1)));
    const reads = Promise.allSettled(tensors.map((x) => x.data()));
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, i % 3));
    lose();
    (await reads).forEach((read, i) => {
      if (read.status === 'fulfilled') expect(read.value).toEqual(new Float32Array(256).fill(i + 1));
      else expect(read.reason).toBeInstanceOf(BackendError);
    });
    await restore();
    for (const x of tensors) x.dispose();
  }
  expectWorking();
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
  expectWorking(before);
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
    expectWorking();
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
    expectWorking(before);
  });
});

/** One step of fitting a line, whose loss it returns. */
function step(variables: readonly Variable[], optimizer: ReturnType<typeof train.adam>): number {
  return tidy(() => {
    const x = tensor([0, 1, 2, 3], [4, 1]);
    const [w, b] = variables;
    const loss = optimizer.minimize(
      () => {
        const off = add(add(matMul(x, w), b), [[-1], [-3], [-5], [-7]]);
        return sum(mul(off, off));
      },
      true,
      [...variables],
    ) as Tensor;
    return loss.dataSync()[0];
  });
}

it('training goes on with new variables, and with old ones that are assigned', async () => {
  const before = memory();
  const variables = [variable([[0.5]]), variable([0.5])];
  const optimizer = train.adam(0.1);
  const first = step(variables, optimizer);
  await loseAndRestore();
  expect(() => step(variables, optimizer)).toThrow(LOST);
  for (const v of variables) v.assign(v.shape.length === 2 ? [[0.5]] : [0.5]);
  optimizer.dispose();
  const again = train.adam(0.1);
  const losses = Array.from({ length: 30 }, () => step(variables, again));
  expect(losses[0]).toBe(first);
  expect(losses[29]).toBeLessThan(0.3 * first);
  again.dispose();
  for (const v of variables) v.dispose();
  expectWorking(before);
});

it('100 losses in a row leave a working page', async () => {
  const before = memory();
  for (let i = 0; i < 100; i++) {
    using x = tensor1d([i, 2 * i]);
    using y = tidy(() => add(mul(x, x), x));
    const expected = Float32Array.of(i * i + i, 4 * i * i + 2 * i);
    expect(i % 2 === 0 ? y.dataSync() : await y.data()).toEqual(expected);
    const pending = x.data();
    lose();
    await expect(pending).rejects.toThrow(BackendError);
    await restore();
    expect(() => y.dataSync()).toThrow(LOST);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  }
  expectWorking(before);
  expect(gl.isContextLost()).toBe(false);
  expect(gl.getError()).toBe(gl.NO_ERROR);
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
});
