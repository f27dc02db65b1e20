import { allocate, type Backend, memory as coreMemory, type Spec } from '@wengert/core';
import { require } from '../errors.ts';
import { readAll, withTrial } from '../trial.ts';
import { pull } from './gradients.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** So many reads in a row that free nothing: no chain of pending ops is longer. */
const QUIET_READS = 20;

/** Nothing is left behind by an op and its gradient, in core's books and in the backend's own. */
export const memory: OpSuite = {
  name: 'memory',
  async check({ backend }, declaration) {
    const [dtype] = floatsOf(backend);
    await checkBalance(backend, `${declaration.name}, forward and backward,`, () =>
      withTrial(backend, dtype, declaration.name, async (trial) => {
        for (const args of trial.run(() => declaration.samples(trial.generator))) {
          const found = await pull(trial, declaration, args);
          await readAll(found.filter((g) => g !== null));
        }
      }),
    );
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

/** Waits until nothing is pending: core holds the inputs of what an asynchronous backend has yet to compute. */
async function settled(backend: Backend): Promise<void> {
  await backend.flush?.();
  if (backend.readSync !== undefined) return;
  const spec: Spec = { shape: [1], dtype: [...backend.dtypes][0] };
  let pending = Infinity;
  for (let quiet = 0; quiet < QUIET_READS; ) {
    const storage = backend.write(allocate(spec.dtype, 1), spec);
    await backend.read({ ...spec, storage });
    backend.free(storage);
    const { numDataBuffers } = coreMemory();
    quiet = numDataBuffers < pending ? 0 : quiet + 1;
    pending = numDataBuffers;
  }
}

async function books(backend: Backend): Promise<Record<string, number>> {
  await settled(backend);
  const { numTensors, numDataBuffers, numBytes } = coreMemory();
  const own = backend.memory?.();
  return {
    tensors: numTensors,
    buffers: numDataBuffers,
    bytes: numBytes,
    ...(own && { "the backend's blocks": own.blocks, "the backend's bytes": own.bytes }),
  };
}
