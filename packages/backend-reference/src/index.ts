import {
  type Backend,
  BackendError,
  type Kernel,
  kernelMap,
  registerBackend,
  type Storage,
} from '@wengert/core/functions';
import { contractionKernels } from './contractions.ts';
import { fftKernels } from './fft.ts';
import { linearAlgebraKernels } from './linearAlgebra.ts';
import { movementKernels } from './movement.ts';
import { pointwiseKernels } from './pointwise.ts';
import { reductionKernels } from './reductions.ts';
import { dataOf, type ReferenceStorage } from './storage.ts';

const KERNELS: ReadonlyMap<string, Kernel> = kernelMap(
  pointwiseKernels,
  movementKernels,
  reductionKernels,
  contractionKernels,
  fftKernels,
  linearAlgebraKernels,
);

/**
 * The backend that defines what every op computes: each kernel is its mathematical definition, in float64, rounded only
 * when it is stored. It is the oracle of the gradient checks and the conformance suite, not meant to be fast.
 *
 * @example
 * const backend = createReferenceBackend();
 * const spec: Spec = { shape: [2], dtype: 'float64' };
 * const storage = backend.write(Float64Array.of(1, 2), spec);
 * console.log(await backend.read({ storage, ...spec })); // Float64Array(2) [1, 2]
 */
export function createReferenceBackend(): Backend {
  const memory = { blocks: 0, bytes: 0 };
  const count = (storage: Storage, sign: 1 | -1): void => {
    memory.blocks += sign;
    memory.bytes += sign * (storage as ReferenceStorage).data.byteLength;
  };
  const counted =
    (kernel: Kernel): Kernel =>
    (inputs, attrs, outputs) => {
      const storages = kernel(inputs, attrs, outputs);
      for (const storage of storages ?? []) count(storage, 1);
      return storages;
    };
  return {
    name: 'reference',
    dtypes: new Set(['float64', 'float32', 'int32', 'bool']),
    kernels: new Map([...KERNELS].map(([op, kernel]) => [op, counted(kernel)])),
    write(data) {
      if (data instanceof Promise)
        throw new BackendError('write: the reference backend takes data, not a promise of it');
      const storage: ReferenceStorage = { data };
      count(storage, 1);
      return storage;
    },
    read: async (block) => dataOf(block).slice(),
    readSync: (block) => dataOf(block).slice(),
    borrowSync: (block, f) => f(dataOf(block)),
    free: (storage) => count(storage, -1),
    memory: () => ({ ...memory }),
  };
}

registerBackend('reference', createReferenceBackend, 1);
