import * as wengert from '@wengert/tfjs';
import { ENGINE } from './engine.ts';

let before = wengert.memory();

/** Counts memory from here on, as tfjs's engine does after a reset. */
export function resetMemory(): void {
  before = wengert.memory();
}

function memory(): wengert.MemoryInfo {
  const now = wengert.memory();
  return {
    ...now,
    numTensors: now.numTensors - before.numTensors,
    numDataBuffers: now.numDataBuffers - before.numDataBuffers,
    numBytes: now.numBytes - before.numBytes,
  };
}

/** Wengert as tfjs's `tf`. */
export const tf: Readonly<Record<string, unknown>> = {
  ...wengert,
  memory,
  engine: () => ENGINE,
  backend: () => ENGINE.backend,
};
