import { ArgumentError, type Backend, type Kernel } from '@wengert/core/functions';
import { backendOf } from './backend.ts';
import { everything } from './families.ts';
import { crewOf } from './threads/crew.ts';
import { type Workers, withWorkers } from './threads/tasks.ts';

/** How a cpu backend is made. */
export interface CpuOptions {
  /**
   * Whether float32, and elementwise ops on any dtype, are computed by WebAssembly SIMD: 'auto' (the default) where they
   * can be, true to fail where they cannot, false for plain loops. The results are the same but for roundings.
   */
  readonly simd?: boolean | 'auto';
  /**
   * Among how many threads large kernels divide their work, the calling one included; 1 by default. In pages
   * threads need cross-origin isolation. Where they cannot be had one thread serves, and `threads.reason` says why.
   */
  readonly threads?: number;
}

/** A cpu backend, and how many threads it has. */
export interface CpuBackend extends Backend {
  /** The number of threads, and why it is 1 although more were wanted, or null. */
  readonly threads: { readonly count: number; readonly reason: string | null };
}

/** More than any machine of today makes use of. */
const MOST_THREADS = 256;

/** Every kernel, with workers that its large tasks may be given to. */
function shared(kernels: ReadonlyMap<string, Kernel>, workers: Workers): ReadonlyMap<string, Kernel> {
  const result = new Map<string, Kernel>();
  for (const [op, kernel] of kernels) {
    result.set(op, (inputs, attrs, outputs) => withWorkers(workers, () => kernel(inputs, attrs, outputs)));
  }
  return result;
}

/**
 * A backend that computes on this processor, in Node and in browsers, on typed arrays of all four dtypes.
 * All backends made here share one memory.
 * @example
 * import { setBackend, tensor } from '@wengert/core/functions';
 * await setBackend(createCpuBackend());
 * tensor([1, 2]).add(1).print(); // [2, 3]
 */
export function createCpuBackend({ simd = 'auto', threads = 1 }: CpuOptions = {}): CpuBackend {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new ArgumentError(
      `createCpuBackend: threads must be a whole number from 1 to ${MOST_THREADS}, not ${threads}`,
    );
  }
  const crew = threads === 1 ? null : simd === false ? 'plain loops run on one thread' : crewOf(threads);
  const backend = backendOf(everything, simd);
  if (crew === null || typeof crew === 'string') return { ...backend, threads: { count: 1, reason: crew } };
  return { ...backend, kernels: shared(backend.kernels, crew), threads: { count: crew.size, reason: null } };
}
