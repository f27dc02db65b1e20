import {
  type Backend,
  BackendError,
  type Block,
  type Kernel,
  kernelMap,
  type Output,
  sizeOf,
  type TypedArray,
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
import { free, graph, outlive, retain, settled, withValues } from './simd/graph.ts';
import { matMul as matMulSimd } from './simd/matMul.ts';
import { pointwiseKernels } from './simd/pointwise.ts';
import { pool as poolSimd } from './simd/pool.ts';
import { reductions as reductionsSimd } from './simd/reductions.ts';
import { scatter as scatterSimd } from './simd/scatter.ts';
import { softmax as softmaxSimd } from './simd/softmax.ts';
import { transpose as transposeSimd } from './simd/transpose.ts';
import { adopt, type CpuStorage, constant, held, lend, make, TINY } from './storage.ts';

const plain = kernelMap(pointwise, movement, reductions, softmax, matMul, conv, pool);
const fast = kernelMap(matMulSimd, transposeSimd, reductionsSimd, softmaxSimd, convSimd, poolSimd, scatterSimd);

/** Whether WebAssembly is not worth asking. Pending tensors, whose storages have no length yet, are always large. */
function isTiny(inputs: readonly Block[], outputs: readonly Output[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (!((inputs[i].storage as CpuStorage).length <= TINY)) return false;
  for (let i = 0; i < outputs.length; i++) if (sizeOf(outputs[i].shape) > TINY) return false;
  return true;
}

/** The plain kernels, each behind those that serve most of its cases faster: by noting the op, or at once. */
function accelerated(deferredFrom?: number): ReadonlyMap<string, Kernel> {
  const noted = kernelMap(pointwiseKernels(deferredFrom));
  const kernels = new Map<string, Kernel>();
  for (const op of new Set([...plain.keys(), ...noted.keys(), ...fast.keys()])) {
    const note = noted.get(op);
    const first = fast.get(op);
    const slow = plain.get(op);
    kernels.set(op, (inputs, attrs, outputs) => {
      if (deferredFrom === undefined && isTiny(inputs, outputs)) return slow?.(inputs, attrs, outputs) ?? null;
      const pending = note?.(inputs, attrs, outputs);
      if (pending) return pending;
      const blocks = inputs.map(withValues);
      return first?.(blocks, attrs, outputs) ?? slow?.(blocks, attrs, outputs) ?? null;
    });
  }
  return kernels;
}

function chosenKernels(wanted: boolean | 'auto', deferredFrom?: number): ReadonlyMap<string, Kernel> {
  if (wanted === false) return plain;
  if (simdWorks()) return accelerated(deferredFrom);
  if (wanted === 'auto') return plain;
  throw new BackendError(
    'createCpuBackend: WebAssembly SIMD does not work here, because the engine is old or a content security policy forbids it; leave out simd: true',
  );
}

function values(block: Block): TypedArray {
  return settled(block).data;
}

/**
 * The backend on one thread, which the package registers: programs that only import it carry no threads. Tests let it
 * defer pointwise ops on fewer elements than it is worth.
 */
export function cpuBackend(simd: boolean | 'auto' = 'auto', deferredFrom?: number): Backend {
  return {
    name: 'cpu',
    dtypes: new Set(['float32', 'float64', 'int32', 'bool']),
    kernels: chosenKernels(simd, deferredFrom),
    write(data, spec) {
      if (data instanceof Promise) throw new BackendError('write: the cpu backend takes data, not a promise of it');
      return adopt(data, spec);
    },
    read: async (block) => values(block).slice(),
    readSync: (block) => values(block).slice(),
    borrowSync: (block, f) => lend(withValues(block), f),
    make,
    free,
    constant,
    promote: outlive,
    retain,
    async flush() {
      graph.flush();
    },
    memory: held,
  };
}
