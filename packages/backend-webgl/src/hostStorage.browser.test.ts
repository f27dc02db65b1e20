import '@wengert/backend-cpu';
import {
  add,
  exp,
  grad,
  less,
  matMul,
  mul,
  observe,
  setBackend,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  tensor1d,
  tidy,
} from '@wengert/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';
import { loseAndRestore } from './losing.ts';
import { random } from './testing.ts';

const { gl } = sharedContext();
let backend = createWebglBackend();

beforeEach(async () => {
  backend = createWebglBackend();
  await setBackend(backend);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const data = random([127]).data as Float32Array;

/** How often `f` draws, and sends values to textures. */
function counted(f: () => void): { drawn: number; sent: number } {
  const [draws, sends] = [vi.spyOn(gl, 'drawArrays'), vi.spyOn(gl, 'texSubImage2D')];
  f();
  return { drawn: draws.mock.calls.length, sent: sends.mock.calls.length };
}

it('pointwise ops of small tensors from the host are computed there, by the same kernels', () => {
  const seen = new Set<string>();
  const stop = observe(({ op, route, backend: name }) => seen.add(`${op} ${route} ${name}`));
  const found = counted(() => {
    const [x, scale] = [tensor1d(data), tensor([2, 3], [2, 1])];
    const y = tidy(() => add(exp(mul(x, 0.5)), square(x)));
    for (const [i, value] of y.dataSync().entries()) {
      const exact = Math.exp(0.5 * data[i]) + data[i] ** 2;
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(2e-7 * exact);
    }
    expect(mul(tensor([[1, 2, 3]]), scale).dataSync()).toEqual(Float32Array.of(2, 4, 6, 3, 6, 9));
    expect(less(tensor1d([1, 5], 'int32'), 3).dataSync()).toEqual(Uint8Array.of(1, 0));
  });
  stop();
  expect(found).toEqual({ drawn: 0, sent: 0 });
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  expect([...seen].filter((route) => !route.endsWith(' webgl') || route.includes('fallback'))).toEqual([]);
  expect(seen).toContain('exp kernel webgl');
});

it('gradients that need nothing else are computed there too', () => {
  const found = counted(() => {
    const slope = grad((x: Tensor) => tanh(mul(x, x)))(tensor1d(data));
    for (const [i, value] of slope.dataSync().entries()) {
      const exact = (2 * data[i]) / Math.cosh(data[i] ** 2) ** 2;
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(2e-6);
    }
  });
  expect(found.drawn).toBe(0);
});

it('their values go to the GPU once, when something needs them there, and leave it with them', () => {
  const x = tensor([1, 2, 3, 4], [2, 2]);
  const first = counted(() => expect(matMul(x, x).dataSync()).toEqual(Float32Array.of(7, 10, 15, 22)));
  expect(first.sent).toBe(1);
  vi.restoreAllMocks();
  expect(counted(() => expect(sum(x).dataSync()).toEqual(Float32Array.of(10))).sent).toBe(0);
  vi.restoreAllMocks();
  expect(counted(() => add(x, matMul(x, x)).dataSync()).sent).toBe(0);
  x.dispose();
  const { bytes } = backend.memory?.() ?? {};
  const z = tensor([1, 2, 3, 4], [2, 2]);
  tidy(() => void matMul(z, z));
  z.dispose();
  expect(backend.memory?.().bytes).toBe(bytes);
});

it('they stay on the GPU as long as something waits to read them there', () => {
  const large = tensor1d(random([128]).data);
  const scale = tensor([2, 3, 5, 7], [4, 1]);
  const y = mul(large.reshape([4, 32]), scale);
  scale.dispose();
  // This would get the texture of what was disposed of.
  const other = matMul(tensor([1, 2], [1, 2]), tensor([3, 4], [2, 1]));
  expect(other.dataSync()).toEqual(Float32Array.of(11));
  const values = large.dataSync();
  expect(y.dataSync()).toEqual(values.map((x, i) => x * [2, 3, 5, 7][Math.floor(i / 32)]));
});

it('what has 128 elements, or makes as many, is computed on the GPU', () => {
  const large = tensor1d(random([128]).data);
  expect(counted(() => exp(large).dataSync())).toEqual({ drawn: 1, sent: 0 });
  vi.restoreAllMocks();
  expect(counted(() => add(tensor(data.slice(0, 16), [16, 1]), tensor1d(data.slice(0, 8))).dataSync()).drawn).toBe(1);
});

it('int32 stays exact, and beyond what texels hold leaves them', () => {
  const x = tensor1d([2 ** 24, -3], 'int32');
  expect(add(x, tensor1d([-1, 1], 'int32')).dataSync()).toEqual(Int32Array.of(2 ** 24 - 1, -2));
  expect(mul(x, x).dataSync()).toEqual(Int32Array.of(0, 9));
  // What is known of a sum is what it is, not what its terms could have made it.
  let y: Tensor = tensor1d([3, 5], 'int32');
  for (let i = 0; i < 40; i++) y = add(y, tensor1d([1, -1], 'int32'));
  expect(y.dataSync()).toEqual(Int32Array.of(43, -35));
});

it('a lost context does not take them', async () => {
  const x = tensor([1, 2, 3, 4], [2, 2]);
  matMul(x, x).dataSync();
  await loseAndRestore();
  expect(x.dataSync()).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(add(x, 1).dataSync()).toEqual(Float32Array.of(2, 3, 4, 5));
  expect(matMul(x, x).dataSync()).toEqual(Float32Array.of(7, 10, 15, 22));
});

it('what is written is a copy', () => {
  const own = Float32Array.of(1, 2, 3);
  const storage = backend.write(own, { shape: [3], dtype: 'float32' });
  own[0] = 9;
  expect(backend.readSync?.({ shape: [3], dtype: 'float32', storage })).toEqual(Float32Array.of(1, 2, 3));
});
