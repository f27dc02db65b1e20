import '@wengert/backend-cpu';
import {
  add,
  exp,
  GradientTape,
  grad,
  less,
  matMul,
  mul,
  neg,
  observe,
  setBackend,
  sigmoid,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  tensor1d,
  tidy,
  variable,
  where,
} from '@wengert/core';
import { train } from '@wengert/optimizers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';
import { random } from './testing.ts';

const { gl, programs } = sharedContext();
let backend = createWebglBackend({ hostElements: 0 });

beforeEach(async () => {
  backend = createWebglBackend({ hostElements: 0 });
  await setBackend(backend);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** How many launches, compilations and outputs of launches `f` takes. */
function counted(f: () => void): { launches: number; compiled: number } {
  const drawn = vi.spyOn(gl, 'drawArrays');
  const before = programs.size;
  f();
  const launches = drawn.mock.calls.length;
  drawn.mockRestore();
  return { launches, compiled: programs.size - before };
}

const data = random([1000]).data as Float32Array;

/** Ten ops. */
function chain(x: Tensor): Tensor {
  const a = add(mul(x, 0.5), 1);
  const b = tanh(sub(a, square(x)));
  return where(less(b, 0.25), neg(sin(b)), sigmoid(a));
}

const chainOf = (x: number): number => {
  const [a, square] = [0.5 * x + 1, x * x];
  const b = Math.tanh(a - square);
  return b < 0.25 ? -Math.sin(b) : 1 / (1 + Math.exp(-a));
};

function expectClose(actual: ArrayLike<number>, expected: (i: number) => number, tolerance = 2e-6): void {
  for (let i = 0; i < actual.length; i++) {
    expect(Math.abs(actual[i] - expected(i))).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected(i))));
  }
}

describe('a chain of pointwise ops', () => {
  it('is one launch of one program, and of the same one for other sizes and numbers', () => {
    const x = tensor1d(data);
    let y: Tensor = x;
    expect(
      counted(() => {
        y = tidy(() => chain(x));
      }),
    ).toEqual({ launches: 0, compiled: 0 });
    expect(counted(() => expectClose(y.dataSync(), (i) => chainOf(data[i])))).toEqual({ launches: 1, compiled: 1 });
    for (const size of [1, 7, 64, 999]) {
      const part = tensor1d(data.slice(0, size));
      expect(counted(() => expectClose(chain(part).dataSync(), (i) => chainOf(data[i])))).toEqual({
        launches: 1,
        compiled: size === 1 ? 1 : 0,
      });
    }
    const other = counted(() => mul(add(mul(x, 3), 5), 2).dataSync());
    expect(other).toEqual({ launches: 1, compiled: 1 });
    expect(counted(() => mul(add(mul(x, 4), -6), -0).dataSync())).toEqual({ launches: 1, compiled: 0 });
  });

  it('may be long, and keep what tapes need all the same', () => {
    const x = tensor1d(data);
    const f = (y: Tensor): Tensor => [sin, tanh, sigmoid, sin, tanh, sigmoid].reduce((z, op) => op(z), y);
    expect(counted(() => f(x).dataSync())).toEqual({ launches: 1, compiled: 1 });
    const sigma = (y: number): number => 1 / (1 + Math.exp(-y));
    const once = (y: number): number => sigma(Math.tanh(Math.sin(y)));
    expectClose(f(x).dataSync(), (i) => once(once(data[i])));
    const inner = (y: number): number => {
      const t = Math.tanh(Math.sin(y));
      return Math.cos(y) * (1 - t * t) * sigma(t) * (1 - sigma(t));
    };
    expectClose(grad(f)(x).dataSync(), (i) => inner(data[i]) * inner(once(data[i])), 4e-6);
  });

  it('is computed op by op without fusion', async () => {
    await setBackend(createWebglBackend({ hostElements: 0, fusion: false }));
    const x = tensor1d(data);
    const { launches } = counted(() => expectClose(chain(x).dataSync(), (i) => chainOf(data[i])));
    expect(launches).toBe(10);
  });

  it('reports every op, and the launch', () => {
    const seen: string[] = [];
    const stop = observe(({ op, route, backend: name }) => seen.push(`${op} ${route} ${name}`));
    const x = tensor1d([1, 2]);
    const y = exp(mul(x, 2));
    expect(seen).toEqual(['mul kernel webgl', 'exp kernel webgl']);
    y.dataSync();
    stop();
    expect(seen.slice(2)).toEqual(['mul+exp fused webgl']);
  });

  it('ends where another family takes its values', () => {
    const x = tensor(data, [20, 50]);
    const w = tensor(data.slice(0, 500), [50, 10]);
    matMul(exp(x), w).dataSync();
    const { launches } = counted(() =>
      matMul(
        tidy(() => mul(add(neg(x), 1), 2)),
        w,
      ).dataSync(),
    );
    const alone = counted(() => matMul(x, w).dataSync());
    expect(launches).toBe(alone.launches + 1);
  });

  it('reads broadcast inputs in the same launch', () => {
    for (const [rows, columns] of [
      [4, 8],
      [5, 7],
      [3, 10],
      [1, 6],
      [64, 1],
    ]) {
      const x = tensor(data.slice(0, rows * columns), [rows, columns]);
      const bias = tensor1d(data.slice(100, 100 + columns));
      const scale = tensor(data.slice(200, 200 + rows), [rows, 1]);
      let y = x;
      const { launches } = counted(() => {
        y = tidy(() => add(mul(exp(mul(x, neg(scale))), square(bias)), bias));
        y.dataSync();
      });
      expect(launches).toBe(1);
      expectClose(y.dataSync(), (i) => {
        const b = data[100 + (i % columns)];
        return Math.exp(data[i] * -data[200 + Math.floor(i / columns)]) * b * b + b;
      });
    }
  });
});

describe('int32', () => {
  it('stays exact in chains, and leaves what floats do not hold to the processor', () => {
    const x = tensor1d([2 ** 23 - 1, -5, 7], 'int32');
    expect(add(add(x, x), tensor1d([2, 2, 2], 'int32')).dataSync()).toEqual(Int32Array.of(2 ** 24, -8, 16));
    expect(mul(add(x, x), x).dataSync()).toEqual(Int32Array.of(Math.imul(2 ** 24 - 2, 2 ** 23 - 1), 50, 98));
    const scalar = tensor(9, [], 'int32');
    expect(sum(mul(tensor1d([3, 4], 'int32'), scalar)).dataSync()).toEqual(Int32Array.of(63));
    expect(tensor(2 ** 24 + 1, [], 'int32').dataSync()).toEqual(Int32Array.of(2 ** 24 + 1));
  });
});

describe('what a tape keeps', () => {
  it('comes from further outputs of the same launch', () => {
    const x = tensor1d(data);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    // The rules of tanh and sigmoid read their results, that of the product both factors.
    const y = tidy(() => mul(tanh(x), sigmoid(mul(x, 0.5))));
    tape.close();
    expect(counted(() => y.dataSync()).launches).toBe(1);
    const { launches } = counted(() => {
      const slope = tape.gradient(y, x) as Tensor;
      const expected = (i: number): number => {
        const [t, s] = [Math.tanh(data[i]), 1 / (1 + Math.exp(-0.5 * data[i]))];
        return (1 - t * t) * s + t * s * (1 - s) * 0.5;
      };
      expectClose(slope.dataSync(), expected);
    });
    expect(launches).toBe(1);
    tape[Symbol.dispose]();
  });

  it('is computed again where it never was, with the same gradients', () => {
    const f = (x: Tensor): Tensor => sum(mul(exp(neg(square(x))), sin(x)));
    const x = tensor1d(data);
    const slope = grad(f)(x);
    expectClose(slope.dataSync(), (i) => {
      const z = data[i];
      return Math.exp(-z * z) * (Math.cos(z) - 2 * z * Math.sin(z));
    });
  });
});

describe('bounds', () => {
  it('on memory: it is flat over 2,000 training steps', () => {
    const initial = [tensor(data.slice(0, 64), [8, 8]), tensor1d(data.slice(0, 8))];
    const [w, b] = initial.map((value) => variable(value));
    const x = tensor(data.slice(0, 128), [16, 8]);
    const optimizer = train.adam(1e-3);
    const step = (): void =>
      tidy(() => void optimizer.minimize(() => sum(square(tanh(add(matMul(x, w), b)))), false, [w, b]));
    const created = vi.spyOn(gl, 'createTexture');
    for (let i = 0; i < 20; i++) step();
    w.dataSync();
    const before = backend.memory?.();
    const textures = created.mock.calls.length;
    const compiled = programs.size;
    for (let i = 0; i < 2000; i++) step();
    w.dataSync();
    expect(backend.memory?.()).toEqual(before);
    expect(created.mock.calls.length).toBe(textures);
    expect(programs.size).toBe(compiled);
    optimizer.dispose();
    for (const one of [w, b, x, ...initial]) one.dispose();
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('on what waits: results that nobody reads are computed in the end', () => {
    const forgotten: Tensor[] = [];
    const { launches } = counted(() => {
      for (let i = 0; i < 200; i++) {
        const x = tensor1d(data);
        forgotten.push(exp(x));
        x.dispose();
      }
    });
    expect(launches).toBeGreaterThan(100);
    expect(backend.memory?.().blocks).toBe(200);
    for (const x of forgotten) x.dispose();
    expect(backend.memory?.().blocks).toBe(0);
  });

  it('on compiled programs: ever new chains run op by op in the end', () => {
    const ops = [neg, square, (x: Tensor) => add(x, 1), (x: Tensor) => mul(x, 2), (x: Tensor) => sub(x, x)];
    const x = tensor1d([1, 2, 3, 4]);
    const run = (number: number): number =>
      counted(() =>
        tidy(() => {
          let y: Tensor = x;
          for (let rest = number + 5 ** 4; rest > 0; rest = Math.floor(rest / 5)) y = ops[rest % 5](y);
          y.dataSync();
        }),
      ).compiled;
    const compiled = Array.from({ length: 420 }, (_, i) => run(i));
    expect(compiled.slice(-100).reduce((total, one) => total + one)).toBe(0);
    expect(compiled.reduce((total, one) => total + one)).toBeLessThan(300);
    // What comes back again and again gets its program after all.
    expect(Array.from({ length: 20 }, () => run(419)).filter((one) => one > 0).length).toBeLessThanOrEqual(1);
  });

  it('on compiled programs: ever new shapes need no new one', () => {
    const run = (rows: number, columns: number): number =>
      counted(() => {
        const x = tensor(data.slice(0, rows * columns), [rows, columns]);
        add(exp(x), tensor1d(data.slice(0, columns))).dataSync();
      }).compiled;
    // By powers of two, by whole texels, and by elements.
    for (const columns of [4, 12, 5]) run(2, columns);
    for (let rows = 2; rows < 9; rows++) {
      for (let columns = 2; columns < 30; columns++) expect(run(rows, columns)).toBe(0);
    }
  });
});

describe('deferred failures', () => {
  it('come where the values are read, as errors of the backend', async () => {
    await setBackend(createWebglBackend({ hostElements: 0, maxBytes: 3 * 4096 }));
    using x = tensor1d(data.slice(0, 1000));
    using y = tensor1d(data.slice(0, 1000));
    using z = tidy(() => exp(add(x, y)));
    using filler = tensor1d(data.slice(0, 1000));
    expect(() => z.dataSync()).toThrow(/webgl: add\+exp: 4096 bytes more would exceed the limit/);
    await expect(z.data()).rejects.toThrow(/would exceed the limit/);
    filler.dispose();
    expectClose(z.dataSync(), (i) => Math.exp(2 * data[i]), 4e-6);
  });
});
