import { type Declaration, isFloating, observe, type Route, sizeOf } from '@wengert/core';
import { require } from '../errors.ts';
import { withTrial } from '../trial.ts';
import { floatsOf, type Subject } from './suite.ts';

/**
 * The routes that each op was seen to take on the backend, over all samples of the declarations in its own float: with
 * float inputs where it takes any, since a backend may leave the ints of some ops to others, and without empty ones, which need no kernel.
 */
export async function surveyRoutes(
  { backend }: Subject,
  declarations: readonly Declaration[],
): Promise<Map<string, Set<Route>>> {
  const routes = new Map<string, Set<Route>>();
  const otherwise = new Map<string, Set<Route>>();
  const stop = observe((event) => {
    if (event.backend !== backend.name || event.inputs.some(({ shape }) => sizeOf(shape) === 0)) return;
    const kind = event.inputs.some(({ dtype }) => isFloating(dtype)) ? routes : otherwise;
    kind.set(event.op, (kind.get(event.op) ?? new Set()).add(event.route));
  });
  try {
    for (const declaration of declarations) {
      await withTrial(backend, floatsOf(backend)[0], declaration.name, async (trial) => {
        for (const args of trial.run(() => declaration.samples(trial.generator))) {
          // What an op that does not run throws is the business of the other suites.
          await trial.call(declaration, args).catch(() => []);
        }
      });
    }
  } finally {
    stop();
  }
  return new Map([...otherwise, ...routes]);
}

/** Throws `ConformanceError` unless `op` took the promised route, and no other. */
export function checkRoute(
  backend: string,
  op: string,
  promised: Route,
  routes: ReadonlyMap<string, ReadonlySet<Route>>,
): void {
  const taken = [...(routes.get(op) ?? [])];
  require(taken.length > 0, () =>
    `${op}: no sample reached the op on '${backend}', so that the promise '${promised}' stays unproved`);
  require(taken.every((route) => route === promised), () =>
    `${op}: promised as '${promised}' on '${backend}', but its route was ${taken.join(' and ')}`);
}
