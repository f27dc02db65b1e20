import {
  type Backend,
  currentBackend,
  type Declaration,
  type DType,
  Scope,
  type Spec,
  setBackend,
  type Tensor,
  type TypedArray,
} from '@wengert/core';
import { createGenerator, type SeededGenerator } from './generator.ts';
import { tensorsIn } from './trees.ts';

/** Runs the synchronous `f` with `backend` as the one on which new tensors are made. */
export function onBackend<R>(backend: Backend, f: () => R): R {
  const before = currentBackend();
  setBackend(backend);
  try {
    return f();
  } finally {
    setBackend(before);
  }
}

/** The values of a tensor on the host. */
export interface Host extends Spec {
  readonly values: TypedArray;
}

/** Copies tensors to the host; works on every backend. */
export async function readAll(tensors: readonly Tensor[]): Promise<Host[]> {
  return Promise.all(tensors.map(async (x) => ({ shape: x.shape, dtype: x.dtype, values: await x.data() })));
}

/** A place where ops are tried: everything made in it is disposed at its end, errors or not. */
export interface Trial {
  readonly generator: SeededGenerator;
  /** Runs `f`, which may make promises, on the backend under test. */
  run<R>(f: () => R): R;
  /** The tensors that the declaration returns for `args`. */
  call(declaration: Pick<Declaration, 'f'>, args: readonly unknown[]): Promise<Tensor[]>;
}

/** Opens a trial for `use`. The same seed and dtype give the same numbers on every backend. */
export async function withTrial<R>(
  backend: Backend,
  dtype: DType,
  seed: string,
  use: (trial: Trial) => R | Promise<R>,
): Promise<R> {
  const scope = new Scope({ detached: true });
  const late: Tensor[] = [];
  const run = <T>(f: () => T): T => scope.run(() => onBackend(backend, f));
  try {
    return await use({
      generator: createGenerator(backend, dtype, seed),
      run,
      async call({ f }, args) {
        const result = run(() => f(...(args as never[])));
        // What an asynchronous function makes after its first wait is in no scope.
        if (result instanceof Promise) late.push(...tensorsIn(await result));
        return tensorsIn(result instanceof Promise ? await result : result);
      },
    });
  } finally {
    for (const tensor of late) tensor.dispose();
    scope.close();
  }
}
