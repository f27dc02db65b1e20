import { type Backend, BackendError, kernelMap } from '@wengert/core';
import { conv } from './kernels/conv.ts';
import { fft } from './kernels/fft.ts';
import { linearAlgebra } from './kernels/linearAlgebra.ts';
import { matMul } from './kernels/matMul.ts';
import { movement } from './kernels/movement.ts';
import { pointwise } from './kernels/pointwise.ts';
import { reductions } from './kernels/reductions.ts';
import { softmax } from './kernels/softmax.ts';
import { sort } from './kernels/sort.ts';
import { adopt, type CpuStorage, held, lend, view } from './storage.ts';

/**
 * A backend that computes on this processor, in Node and in browsers: typed arrays of all four dtypes, sums in double.
 * All backends made here share one memory.
 * @example
 * import { setBackend, tensor } from '@wengert/core';
 * await setBackend(createCpuBackend());
 * tensor([1, 2]).add(1).print(); // [2, 3]
 */
export function createCpuBackend(): Backend {
  return {
    name: 'cpu',
    dtypes: new Set(['float32', 'float64', 'int32', 'bool']),
    kernels: kernelMap(pointwise, movement, reductions, softmax, sort, matMul, conv, fft, linearAlgebra),
    write(data, spec) {
      if (data instanceof Promise) throw new BackendError('write: the cpu backend takes data, not a promise of it');
      return adopt(data, spec);
    },
    read: async (block) => view(block).slice(),
    readSync: (block) => view(block).slice(),
    borrowSync: lend,
    free: (storage) => (storage as CpuStorage).release(),
    promote: (storage) => (storage as CpuStorage).promote(),
    memory: held,
  };
}
