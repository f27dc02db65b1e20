import type { Backend, Declaration } from '@wengert/core';
import { creation } from './creation.ts';
import { declarations } from './declarations.ts';
import { require } from './errors.ts';
import type { Runs } from './forAll.ts';
import { createRunningError } from './runningError.ts';
import { edges } from './suites/edges.ts';
import { errors } from './suites/errors.ts';
import { generated } from './suites/generated.ts';
import { gradients } from './suites/gradients.ts';
import { kinks } from './suites/kinks.ts';
import { memory } from './suites/memory.ts';
import { programs } from './suites/programs.ts';
import { checkRefusal, readsAtOnce } from './suites/refusals.ts';
import { checkRoute, surveyRoutes } from './suites/routes.ts';
import { storageCases } from './suites/storage.ts';
import type { Case, ConformanceOptions, OpSuite, Subject } from './suites/suite.ts';
import { trainingCases } from './suites/training.ts';
import { values } from './suites/values.ts';

const OP_SUITES: readonly OpSuite[] = [values, edges, generated, gradients, kinks, programs, memory, errors];

/**
 * All that a backend must do, as named cases for any test runner; a case that fails throws. `factory` is called once,
 * when the first case runs, and everything is read asynchronously, so that backends without `readSync` run too.
 * @example
 * import { createCpuBackend } from '@wengert/backend-cpu';
 * const options: ConformanceOptions = { ops: (op) => op === 'matMul', expect: { matMul: 'kernel' } };
 * for (const { run } of conformanceCases('cpu', createCpuBackend, options)) await run();
 */
export function* conformanceCases(
  name: string,
  factory: () => Backend | Promise<Backend>,
  options: ConformanceOptions = {},
): Iterable<Case> {
  const { expect = {}, skip = {}, ops = () => true, report } = options;
  const runs: Runs = { runs: 20, seed: 1, ...options.generated };
  const subject = once(async (): Promise<Subject> => {
    const backend = await factory();
    return { backend, oracle: createRunningError(backend.dtypes), runs };
  });
  const all = declarations();
  const chosen = all.filter((declaration) => ops(declaration.name));
  const unknown = Object.keys(skip).filter((op) => all.every((declaration) => declaration.name !== op));
  if (unknown.length > 0)
    yield { name: 'skips', run: () => require(false, () => `${name}: no op is called ${unknown.join(', ')}`) };

  yield* storageCases(subject);
  for (const declaration of chosen) {
    const cases = opCases(subject, declaration);
    const reason = skip[declaration.name];
    if (reason === undefined) yield* cases;
    else yield skipped(name, declaration.name, reason, cases);
  }
  for (const declaration of creation.filter((made) => ops(made.name)))
    yield* opCases(subject, declaration, [generated]);
  const routes = once(async () => surveyRoutes(await subject(), chosen));
  for (const [op, route] of Object.entries(expect)) {
    yield { name: `route: ${op} by ${route}`, run: async () => checkRoute(name, op, route, await routes()) };
  }
  if (report) yield { name: 'routes', run: async () => report(await routes()) };
  yield* trainingCases(subject);
}

function opCases(subject: () => Promise<Subject>, declaration: Declaration, suites = OP_SUITES): Case[] {
  return suites
    .filter((suite) => suite.applies?.(declaration) ?? true)
    .map((suite) => ({
      name: `${suite.name}: ${declaration.name}`,
      async run() {
        const on = await subject();
        const waits = on.backend.readSync === undefined && (await readsAtOnce(declaration));
        await (waits ? checkRefusal(on.backend, declaration) : suite.check(on, declaration));
      },
    }));
}

/** A skip has to be needed: it fails where all cases of the op pass. */
function skipped(backend: string, op: string, reason: string, cases: readonly Case[]): Case {
  return {
    name: `skip: ${op} (${reason})`,
    async run() {
      let failures = 0;
      for (const { run } of cases) {
        try {
          await run();
        } catch {
          failures++;
        }
      }
      require(failures > 0, () => `${op} passes on '${backend}': remove the skip '${reason}'`);
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
