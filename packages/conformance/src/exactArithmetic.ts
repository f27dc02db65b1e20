import { createReferenceBackend } from '@wengert/backend-reference';
import { type Block, isFloating, type Spec, type TypedArray } from '@wengert/core';

/** A value in float64 (or int32, bool) and the bound of its error; null means that it is exact. */
export interface Bounded {
  readonly value: Block;
  readonly error: Block | null;
}

/** The reference's kernels, run on blocks whose floats are all float64. */
export interface Exact {
  run(op: string, inputs: readonly Block[], attrs: unknown, outputs: readonly Spec[]): Block[];
  write(data: TypedArray, spec: Spec): Block;
  read(block: Block): TypedArray;
  /** `read` of a float block. */
  floats(block: Block): Float64Array;
}

function widened({ shape, dtype }: Spec): Spec {
  return { shape, dtype: isFloating(dtype) ? 'float64' : dtype };
}

export function exactArithmetic(): Exact {
  const reference = createReferenceBackend();
  const read = (block: Block): TypedArray => reference.borrowSync?.(block, (view) => view) ?? new Float64Array();
  return {
    run(op, inputs, attrs, outputs) {
      const specs = outputs.map((output) => ({ ...widened(output), scoped: false }));
      const storages = reference.kernels.get(op)?.(inputs, attrs, specs) ?? [];
      return storages.map((storage, i) => ({ ...specs[i], storage }));
    },
    write(data, spec) {
      const wide = widened(spec);
      return { ...wide, storage: reference.write(data, wide) };
    },
    read,
    floats: (block) => Float64Array.from(read(block)),
  };
}
