import { allocate, type DType, type TypedArray } from '@wengert/core/functions';
import type { CpuStorage } from './storage.ts';

/** The dtype in which sums for an output of `dtype` are kept: double for float32. */
export function accumulatorType(dtype: DType): DType {
  return dtype === 'float32' ? 'float64' : dtype === 'bool' ? 'int32' : dtype;
}

/** Zeroed memory for the sums of an output: its own where that has the precision. */
export function accumulatorFor(dtype: DType, result: CpuStorage): TypedArray {
  const type = accumulatorType(dtype);
  return type === dtype ? result.data.fill(0) : allocate(type, result.data.length);
}

/** Rounds finished sums into the output. */
export function settle(sums: TypedArray, dtype: DType, result: CpuStorage): void {
  if (sums === result.data) return;
  if (dtype === 'bool') for (let i = 0; i < sums.length; i++) result.data[i] = sums[i] !== 0 ? 1 : 0;
  else result.data.set(sums);
}
