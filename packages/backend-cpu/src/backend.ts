import {
  type Backend,
  BackendError,
  type Block,
  type Kernel,
  type KernelTable,
  kernelMap,
  type Output,
  sizeOf,
  type TypedArray,
} from '@wengert/core/functions';
import { pointwise } from './kernels/pointwise.ts';
import { simdWorks } from './simd/access.ts';
import { free, graph, outlive, retain, settled, withValues } from './simd/pointwise/graph.ts';
import { pointwiseKernels } from './simd/pointwise/pointwise.ts';
import { adopt, type CpuStorage, constant, held, lend, make, TINY } from './storage.ts';

/** Kernels that a program has all of or none: plain loops for every case, and those that serve most cases faster. */
export interface Family {
  readonly plain: KernelTable;
  readonly fast: KernelTable;
}

// Of what is tiny WebAssembly is not worth asking.

function makesTiny(outputs: readonly Output[]): boolean {
  for (let i = 0; i < outputs.length; i++) if (sizeOf(outputs[i].shape) > TINY) return false;
  return true;
}

/** Pending tensors, whose storages have no length yet, are always large. */
function takesTiny(inputs: readonly Block[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (!((inputs[i].storage as CpuStorage).length <= TINY)) return false;
  return true;
}

const none: Kernel = () => null;

/** The plain kernels, each behind those that serve most of its cases faster: by noting the op, or at once. */
function accelerated(
  plain: ReadonlyMap<string, Kernel>,
  fast: ReadonlyMap<string, Kernel>,
  deferredFrom?: number,
): ReadonlyMap<string, Kernel> {
  const noted = kernelMap(pointwiseKernels(deferredFrom));
  const kernels = new Map<string, Kernel>();
  for (const op of new Set([...plain.keys(), ...noted.keys(), ...fast.keys()])) {
    const note = noted.get(op) ?? none;
    const first = fast.get(op) ?? none;
    const slow = plain.get(op) ?? none;
    const large: Kernel = (inputs, attrs, outputs) => {
      const pending = note(inputs, attrs, outputs);
      if (pending !== null) return pending;
      const blocks = inputs.map(withValues);
      return first(blocks, attrs, outputs) ?? slow(blocks, attrs, outputs);
    };
    // What is tiny takes the shortest way: no input of an elementwise op has more elements than its output.
    const quick: Kernel =
      slow === none
        ? large
        : noted.has(op)
          ? (inputs, attrs, outputs) =>
              makesTiny(outputs) ? slow(inputs, attrs, outputs) : large(inputs, attrs, outputs)
          : (inputs, attrs, outputs) =>
              makesTiny(outputs) && takesTiny(inputs) ? slow(inputs, attrs, outputs) : large(inputs, attrs, outputs);
    kernels.set(op, deferredFrom === undefined ? quick : large);
  }
  return kernels;
}

function chosenKernels(
  families: readonly Family[],
  wanted: boolean | 'auto',
  deferredFrom?: number,
): ReadonlyMap<string, Kernel> {
  const plain = kernelMap(pointwise, ...families.map((family) => family.plain));
  if (wanted === false) return plain;
  if (simdWorks()) return accelerated(plain, kernelMap(...families.map(({ fast }) => fast)), deferredFrom);
  if (wanted === 'auto') return plain;
  throw new BackendError(
    'createCpuBackend: WebAssembly SIMD does not work here, because the engine is old or a content security policy forbids it; leave out simd: true',
  );
}

function values(block: Block): TypedArray {
  return settled(block).data;
}

/**
 * A cpu backend on one thread with the kernels of some families, and those of the elementwise ops. Tests let it defer
 * elementwise ops on fewer elements than it is worth.
 */
export function backendOf(
  families: readonly Family[],
  simd: boolean | 'auto' = 'auto',
  deferredFrom?: number,
): Backend {
  return {
    name: 'cpu',
    dtypes: new Set(['float32', 'float64', 'int32', 'bool']),
    kernels: chosenKernels(families, simd, deferredFrom),
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
