import type { DType, TypedArray } from '@wengert/core/functions';
import type { Context } from './context.ts';
import type { Pool } from './pool.ts';
import { EXACT, type GpuStorage } from './texture.ts';
import { upload } from './transfer.ts';

/** The greatest magnitude of int32 values; 1 for other dtypes, of which it does not matter. */
export function boundOfData(data: TypedArray, dtype: DType): number {
  let bound = 1;
  if (dtype === 'int32') for (let i = 0; i < data.length; i++) bound = Math.max(bound, Math.abs(data[i]));
  return bound;
}

/** A tensor whose values are on the host: few of them, or int32 that texels do not hold. No lost context takes it. */
export class HostStorage {
  readonly data: TypedArray;
  /** No element of an int32 tensor is greater than this in magnitude. */
  readonly bound: number;
  /** The same on the GPU, from when a launch needed it. */
  copy: GpuStorage | null = null;

  constructor(data: TypedArray, bound: number) {
    this.data = data;
    this.bound = bound;
  }

  /** Whether texels hold the values, so that kernels can reach them. */
  get fits(): boolean {
    return this.bound <= EXACT;
  }

  /** The values on the GPU, sent there the first time and after a loss. */
  onGpu(context: Context, pool: Pool): GpuStorage {
    const { copy } = this;
    if (copy !== null && copy.texture?.generation === context.generation) return copy;
    const made = pool.attempt('write', () => upload(context, pool, this.data, this.bound));
    this.copy = made;
    return made;
  }
}
