import {
  type Backend,
  BackendError,
  type Block,
  type Kernel,
  kernelMap,
  type Output,
  sizeOf,
} from '@wengert/core/functions';
import { conv } from './kernels/conv.ts';
import { matMul } from './kernels/matMul.ts';
import { movement } from './kernels/movement.ts';
import { pointwise } from './kernels/pointwise.ts';
import { pool } from './kernels/pool.ts';
import { reductions } from './kernels/reductions.ts';
import { softmax } from './kernels/softmax.ts';
import { simdWorks } from './simd/access.ts';
import { conv as convSimd } from './simd/conv.ts';
import { matMul as matMulSimd } from './simd/matMul.ts';
import { pointwise as pointwiseSimd } from './simd/pointwise.ts';
import { pool as poolSimd } from './simd/pool.ts';
import { reductions as reductionsSimd } from './simd/reductions.ts';
import { scatter as scatterSimd } from './simd/scatter.ts';
import { softmax as softmaxSimd } from './simd/softmax.ts';
import { transpose as transposeSimd } from './simd/transpose.ts';
import { adopt, type CpuStorage, constant, held, lend, make, storageOf, TINY, view } from './storage.ts';

const plain = kernelMap(pointwise, movement, reductions, softmax, matMul, conv, pool);
const fast = kernelMap(
  pointwiseSimd,
  matMulSimd,
  transposeSimd,
  reductionsSimd,
  softmaxSimd,
  convSimd,
  poolSimd,
  scatterSimd,
);

/** Whether WebAssembly is not worth asking. */
function isTiny(inputs: readonly Block[], outputs: readonly Output[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (storageOf(inputs[i]).length > TINY) return false;
  for (let i = 0; i < outputs.length; i++) if (sizeOf(outputs[i].shape) > TINY) return false;
  return true;
}

/** The plain kernels, each behind the one that serves most of its cases faster. */
function accelerated(): ReadonlyMap<string, Kernel> {
  const kernels = new Map(plain);
  for (const [op, first] of fast) {
    const slow = plain.get(op);
    if (slow === undefined) kernels.set(op, first);
    else {
      kernels.set(op, (inputs, attrs, outputs) => {
        const found = isTiny(inputs, outputs) ? null : first(inputs, attrs, outputs);
        return found ?? slow(inputs, attrs, outputs);
      });
    }
  }
  return kernels;
}

function chosenKernels(wanted: boolean | 'auto'): ReadonlyMap<string, Kernel> {
  if (wanted === false) return plain;
  if (simdWorks()) return accelerated();
  if (wanted === 'auto') return plain;
  throw new BackendError(
    'createCpuBackend: WebAssembly SIMD does not work here, because the engine is old or a content security policy forbids it; leave out simd: true',
  );
}

/** The backend on one thread, which the package registers: programs that only import it carry no threads. */
export function cpuBackend(simd: boolean | 'auto' = 'auto'): Backend {
  return {
    name: 'cpu',
    dtypes: new Set(['float32', 'float64', 'int32', 'bool']),
    kernels: chosenKernels(simd),
    write(data, spec) {
      if (data instanceof Promise) throw new BackendError('write: the cpu backend takes data, not a promise of it');
      return adopt(data, spec);
    },
    read: async (block) => view(block).slice(),
    readSync: (block) => view(block).slice(),
    borrowSync: lend,
    make,
    free: (storage) => (storage as CpuStorage).release(),
    constant,
    promote: (storage) => (storage as CpuStorage).promote(),
    memory: held,
  };
}
