import type { Backend, Kernel, Spec } from '../backend.ts';
import { allocate, type TypedArray } from '../dtype.ts';
import { sizeOf } from '../shape.ts';

/** A tensor of a host kernel. */
export interface Values extends Spec {
  readonly data: TypedArray;
}

/** An op as a loop over arrays: fills the outputs, which are zeros at first, and may overwrite its inputs. */
export type HostKernel<A = unknown> = (inputs: readonly Values[], attrs: A, outputs: readonly Values[]) => void;

/** An op's own kernel, for backends that lend their memory: on others each call would wait for the device. */
export function kernelOnHost<A>(backend: Backend, host: HostKernel<A>): Kernel<A> | undefined {
  const { readSync, borrowSync } = backend;
  if (readSync === undefined || borrowSync === undefined) return undefined;
  return (inputs, attrs, outputs) => {
    const results = outputs.map(({ shape, dtype }) => ({ shape, dtype, data: allocate(dtype, sizeOf(shape)) }));
    const given = inputs.map((block) => {
      return { shape: block.shape, dtype: block.dtype, data: readSync.call(backend, block) };
    });
    host(given, attrs, results);
    return results.map((result) => backend.write(result.data, result));
  };
}
