import { allocate, type Block, convertValues, type DType, type Shape, type TypedArray } from '@wengert/core/functions';
import { createReferenceBackend } from './index.ts';

const backend = createReferenceBackend();

/** A block of the reference backend, for tests that call kernels directly. */
export function block(shape: Shape, values: readonly number[], dtype: DType = 'float64'): Block {
  return { shape, dtype, storage: backend.write(convertValues(values, dtype), { shape, dtype }) };
}

/** Runs one kernel and reads its outputs; each is given by its shape, and a dtype where that is not float64. */
export function runKernel(
  op: string,
  inputs: readonly Block[],
  attrs: object,
  ...outputs: readonly (readonly [shape: Shape, dtype?: DType | undefined])[]
): number[][] {
  const specs = outputs.map(([shape, dtype = 'float64']) => ({ shape, dtype, scoped: false }));
  const storages = backend.kernels.get(op)?.(inputs, attrs, specs);
  if (storages?.length !== specs.length) throw new Error(`${op} gives ${storages?.length} outputs`);
  return storages.map((storage, i) => {
    const values: TypedArray = backend.readSync?.({ storage, ...specs[i] }) ?? allocate('bool', 0);
    if (values.constructor !== allocate(specs[i].dtype, 0).constructor) throw new Error(`${op}: not ${specs[i].dtype}`);
    return Array.from(values);
  });
}

/** Numbers in [-3, 3) without a pattern, always the same, for identities that must hold for any. */
export function noise(length: number): number[] {
  return Array.from({ length }, (_, i) => ((Math.sin(12.9898 * (i + 1)) * 43758.5453 + 50000) % 6) - 3);
}
