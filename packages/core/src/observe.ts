import type { Spec } from './backend.ts';

/** How an op was served: by a kernel, by its decomposition, or by the fallback backend. */
export type Route = 'kernel' | 'composed' | 'fallback';

/** One dispatch. Ops inside a composed or fallen-back one are reported too, after it. */
export interface Dispatch {
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
