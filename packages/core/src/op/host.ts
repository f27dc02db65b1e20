import type { Backend, Block, Output, Spec, Storage } from '../backend.ts';
import { allocate, type TypedArray } from '../dtype.ts';
import { sizeOf } from '../shape.ts';

/** A tensor of a host kernel. */
export interface Values extends Spec {
  readonly data: TypedArray;
}

/** An op as a loop over arrays: it fills the outputs, whatever is in them, and never changes its inputs. */
export type HostKernel<A = unknown> = (inputs: readonly Values[], attrs: A, outputs: readonly Values[]) => void;

/** Computes an op by its own loop; null on backends that do not lend their memory, where a call would have to wait. */
export function computeOnHost<A>(
  backend: Backend,
  host: HostKernel<A>,
  inputs: readonly Block[],
  attrs: A,
  outputs: readonly Output[],
): Storage[] | null {
  if (backend.borrowSync === undefined) return null;
  if (backend.make === undefined) {
    const results = outputs.map(({ shape, dtype }) => ({ shape, dtype, data: allocate(dtype, sizeOf(shape)) }));
    lent(backend, inputs, [], (values) => host(values, attrs, results));
    return results.map((result) => backend.write(result.data, result));
  }
  const results: Block[] = [];
  for (const output of outputs) results.push({ ...output, storage: backend.make(output) });
  const count = inputs.length;
  try {
    lent(backend, [...inputs, ...results], [], (all) => host(all.slice(0, count), attrs, all.slice(count)));
  } catch (error) {
    for (const { storage } of results) backend.free(storage);
    throw error;
  }
  return results.map(({ storage }) => storage);
}

function lent(
  backend: Backend,
  blocks: readonly Block[],
  values: readonly Values[],
  f: (all: readonly Values[]) => void,
): void {
  if (values.length === blocks.length) {
    f(values);
    return;
  }
  const { shape, dtype } = blocks[values.length];
  backend.borrowSync?.(blocks[values.length], (data) => lent(backend, blocks, [...values, { shape, dtype, data }], f));
}
