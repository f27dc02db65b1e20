import {
  allocate,
  type Backend,
  type Block,
  type DType,
  type Shape,
  type Spec,
  sizeOf,
  type TypedArray,
} from '@wengert/core';

/** A tensor on the host. */
export interface Host extends Spec {
  readonly data: TypedArray;
}

/** A seeded sequence of numbers in [0, 1): Weyl's, scrambled. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
}

const next = sequence(7);

export function random(shape: Shape, dtype: DType = 'float32', from = -4, to = 4): Host {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const x = from + (to - from) * next();
    data[i] = dtype === 'bool' ? Number(x > (from + to) / 2) : x;
  }
  return { shape, dtype, data };
}

export function host(shape: Shape, dtype: DType, values: readonly number[]): Host {
  const data = allocate(dtype, values.length);
  data.set(values);
  return { shape, dtype, data };
}

/** Runs a kernel on host data: null where the backend leaves the case to others. */
export function runKernel(
  backend: Backend,
  op: string,
  inputs: readonly Host[],
  attrs: object,
  out: Spec,
): TypedArray | null {
  const blocks = inputs.map(({ data, shape, dtype }): Block => {
    return { shape, dtype, storage: backend.write(data.slice(), { shape, dtype }) };
  });
  const kernel = backend.kernels.get(op);
  if (kernel === undefined || backend.readSync === undefined) throw new Error(`${backend.name}: no kernel for ${op}`);
  const results = kernel(blocks, attrs, [{ ...out, scoped: false }]);
  const data = results && backend.readSync({ ...out, storage: results[0] });
  for (const { storage } of blocks) backend.free(storage);
  for (const storage of results ?? []) backend.free(storage);
  return data;
}

/**
 * The greatest error of `actual`, relative to `expected` where that is greater than `floor`. Infinite where one is NaN
 * or infinite and the other is not the same.
 */
export function error(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-30): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [actual[i], expected[i]];
    if (Object.is(x, y) || x === y) continue;
    const off = Math.abs(x - y) / Math.max(Math.abs(y), floor);
    worst = Math.max(worst, Number.isFinite(off) ? off : Infinity);
  }
  return worst;
}

/** Compares a kernel of two backends: throws where one does not serve, or where they differ by more than `tolerance`. */
export function agreement(backend: Backend, oracle: Backend) {
  return (op: string, inputs: Host[], attrs: object, shape: Shape, dtype: DType, tolerance = 0): void => {
    const [actual, expected] = [backend, oracle].map((one) => runKernel(one, op, inputs, attrs, { shape, dtype }));
    if (actual === null || expected === null) throw new Error(`${op} was not served`);
    const off = error(actual, expected, 1);
    if (off > tolerance) throw new Error(`${op} ${JSON.stringify(attrs)} is off by ${off}`);
  };
}
