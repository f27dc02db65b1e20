import type { Backend, Declaration } from '@wengert/core';
import { errorName, require } from '../errors.ts';
import { createRunningError } from '../runningError.ts';
import { withTrial } from '../trial.ts';
import { floatsOf } from './suite.ts';

const known = new WeakMap<Declaration['f'], boolean>();

/** Whether an op reads values before it returns, as one must whose shape depends on them: seen on an oracle that refuses. */
export async function readsAtOnce(declaration: Declaration): Promise<boolean> {
  const before = known.get(declaration.f);
  if (before !== undefined) return before;
  const { readSync: _, ...silent } = createRunningError(['float64', 'int32', 'bool']).backend;
  const reads = (await refusals(silent, declaration)).some((error) => errorName(error) === 'BackendError');
  known.set(declaration.f, reads);
  return reads;
}

/** Throws `ConformanceError` unless such an op says on an asynchronous backend that it cannot wait. */
export async function checkRefusal(backend: Backend, declaration: Declaration): Promise<void> {
  const found = await refusals(backend, declaration);
  const what = `${declaration.name}, which reads values at once, on '${backend.name}'`;
  require(found.length > 0, () => `${what}: does not throw BackendError`);
  for (const error of found) {
    require(errorName(error) === 'BackendError', () => `${what}: throws ${errorName(error)} instead of BackendError`);
  }
}

function refusals(backend: Backend, declaration: Declaration): Promise<unknown[]> {
  return withTrial(backend, floatsOf(backend)[0], declaration.name, async (trial) => {
    const errors: unknown[] = [];
    for (const args of trial.run(() => declaration.samples(trial.generator))) {
      await trial.call(declaration, args).catch((error: unknown) => errors.push(error));
    }
    return errors;
  });
}
