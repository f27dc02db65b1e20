import '@wengert/backend-cpu';
import * as core from '@wengert/core';
import * as optimizers from '@wengert/optimizers';
import { ENGINE } from './engine.ts';

const absent = new Set<string>();

/** The names that were looked up since the last call and do not exist. */
export function takeAbsent(): readonly string[] {
  const names = [...absent];
  absent.clear();
  return names;
}

type Names = Readonly<Record<string, unknown>>;

/** A namespace of tfjs's, which reports what Wengert lacks of it. */
function namespace(path: string, names: Names): Names {
  return new Proxy(names, {
    get(target, name) {
      if (typeof name !== 'string') return undefined;
      const value = target[name];
      if (value !== undefined) return value;
      absent.add(`${path}${name}`);
      return undefined;
    },
  });
}

let before = core.memory();

/** Counts memory from here on, as tfjs's engine does after a reset. */
export function resetMemory(): void {
  before = core.memory();
}

function memory(): core.MemoryInfo {
  const now = core.memory();
  return {
    ...now,
    numTensors: now.numTensors - before.numTensors,
    numDataBuffers: now.numDataBuffers - before.numDataBuffers,
    numBytes: now.numBytes - before.numBytes,
  };
}

const grouped = ['browser', 'fused', 'image', 'linalg', 'losses', 'math', 'signal', 'sparse', 'spectral', 'string'];
// Where both have a name, as clipByValue, tfjs's is core's.
const known: Names = { ...optimizers, ...core };
const groups = [...grouped, 'train', 'util'].map((name) => {
  return [name, namespace(`${name}.`, (known[name] as Names | undefined) ?? {})] as const;
});

/** Wengert as tfjs's `tf`. */
export const tf: Names = namespace('', {
  ...known,
  ...Object.fromEntries(groups),
  memory,
  engine: () => ENGINE,
  backend: () => ENGINE.backend,
});
