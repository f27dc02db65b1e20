import type { Spec } from './backend.ts';

/**
 * How an op was served: by a kernel, by its decomposition, or by the fallback backend. A kernel may only note its op;
 * 'fused' is the later launch in which a backend computed several of those at once.
 */
export type Route = 'kernel' | 'composed' | 'fallback' | 'fused';

/** One dispatch. Ops inside a composed or fallen-back one are reported too, after it. */
export interface Dispatch {
  /** The name; the names of what was fused, joined by '+'. */
  readonly op: string;
  readonly backend: string;
  readonly route: Route;
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
}

const listeners = new Set<(event: Dispatch) => void>();

/**
 * Calls `listener` for every dispatch until the returned function is called.
 * @example
 * const routes: string[] = [];
 * const stop = observe(({ op, route }) => routes.push(`${op} by ${route}`));
 * mul([1, 2], [3, 4]);
 * stop();
 * console.log(routes); // ['mul by kernel']
 */
export function observe(listener: (event: Dispatch) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Whether anybody observes. */
export function observed(): boolean {
  return listeners.size > 0;
}

/** Tells the observers, if there are any. */
export function report(
  op: string,
  backend: string,
  route: Route,
  inputs: readonly Spec[],
  outputs: readonly Spec[],
): void {
  if (listeners.size === 0) return;
  for (const listener of listeners) listener({ op, backend, route, inputs, outputs });
}

/**
 * For backends that defer ops: tells the observers of a launch that computed `ops`, which were reported one by one when
 * they were asked for. The storages are described as far as the backend knows them.
 * @example
 * const seen: string[] = [];
 * const stop = observe(({ op, route }) => seen.push(`${op} ${route}`));
 * reportFused('own', ['mul', 'add'], [{ shape: [2], dtype: 'float32' }], [{ shape: [2], dtype: 'float32' }]);
 * stop();
 * console.log(seen); // ['mul+add fused']
 */
export function reportFused(
  backend: string,
  ops: readonly string[],
  inputs: readonly Spec[],
  outputs: readonly Spec[],
): void {
  if (listeners.size > 0) report(ops.join('+'), backend, 'fused', inputs, outputs);
}
