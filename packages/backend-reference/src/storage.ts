import { allocate, type Block, type Output, type Storage, type TypedArray } from '@wengert/core/functions';

/** The memory of one tensor: its elements in row-major order, as the array of its dtype. */
export interface ReferenceStorage {
  readonly data: TypedArray;
}

/** The array behind a block. */
export function dataOf(block: Block): TypedArray {
  return (block.storage as ReferenceStorage).data;
}

/** The elements of a block in float64, which holds those of every dtype exactly. Not to be written into. */
export function valuesOf(block: Block): Float64Array {
  const data = dataOf(block);
  return data instanceof Float64Array ? data : Float64Array.from(data);
}

/** Rounds results to the dtype of their output: int32 truncates and wraps, a bool is what is not 0. */
export function store({ dtype }: Pick<Output, 'dtype'>, values: Float64Array): Storage {
  if (dtype === 'float64') return { data: values };
  const data = allocate(dtype, values.length);
  data.set(dtype === 'bool' ? values.map((value) => (value !== 0 ? 1 : 0)) : values);
  return { data };
}
