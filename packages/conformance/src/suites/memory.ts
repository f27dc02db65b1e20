import { type Backend, memory as coreMemory } from '@wengert/core';
import { require } from '../errors.ts';
import { readAll, withTrial } from '../trial.ts';
import { pull } from './gradients.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** Nothing is left behind by an op and its gradient, in core's books and in the backend's own. */
export const memory: OpSuite = {
  name: 'memory',
  async check({ backend }, declaration) {
    const [dtype] = floatsOf(backend);
    const forward = (): Promise<void> =>
      withTrial(backend, dtype, declaration.name, async (trial) => {
        for (const args of trial.run(() => declaration.samples(trial.generator))) {
          await readAll(await trial.call(declaration, args));
        }
      });
    const backward = (): Promise<void> =>
      withTrial(backend, dtype, declaration.name, async (trial) => {
        for (const args of trial.run(() => declaration.samples(trial.generator))) {
          const found = await pull(trial, declaration, args);
          await readAll(found.filter((g) => g !== null));
        }
      });
    await checkBalance(backend, `${declaration.name} forward`, forward);
    await checkBalance(backend, `${declaration.name} backward`, backward);
  },
};

/** Throws `ConformanceError` where `f` leaves tensors, buffers or memory of the backend behind. */
export async function checkBalance(backend: Backend, what: string, f: () => Promise<void>): Promise<void> {
  const before = await books(backend);
  await f();
  const after = await books(backend);
  for (const [account, count] of Object.entries(before)) {
    require(after[account] === count, () =>
      `${what} on '${backend.name}': ${account} went from ${count} to ${after[account]}`);
  }
}

async function books(backend: Backend): Promise<Record<string, number>> {
  await backend.flush?.();
  const { numTensors, numDataBuffers, numBytes } = coreMemory();
  const own = backend.memory?.();
  return {
    tensors: numTensors,
    buffers: numDataBuffers,
    bytes: numBytes,
    ...(own && { "the backend's blocks": own.blocks, "the backend's bytes": own.bytes }),
  };
}
