import { allocate, type Block, type DType, type Kernel, type TypedArray } from '@wengert/core/functions';
import { Deferred, scalarType } from '@wengert/fusion';
import type { Known } from './bounds.ts';
import type { WebglGraph } from './fusion.ts';
import { EXACT, type GpuStorage, type HostStorage, type WebglStorage } from './texture.ts';

/** What core holds of a tensor: pointwise ops are deferred, and scalars of the host need no texture. */
export type TensorStorage = WebglStorage | Deferred<GpuStorage, Known>;

/** The kernel, with inputs that have values. */
export function materialised(graph: WebglGraph, kernel: Kernel): Kernel {
  return (inputs, attrs, outputs) => {
    const some = inputs.some(({ storage }) => storage instanceof Deferred);
    return kernel(some ? inputs.map((input) => valued(graph, input)) : inputs, attrs, outputs);
  };
}

function valued(graph: WebglGraph, { storage, shape, dtype }: Block): Block {
  return { storage: storage instanceof Deferred ? graph.valueOf(storage) : storage, shape, dtype };
}

/** Whether a storage stayed on the host, where no kernel reaches it. */
export function isOnHost(storage: TensorStorage): storage is HostStorage {
  return 'data' in storage;
}

/** The storages of a kernel's inputs, which have values; null where one of them stayed on the host. */
export function gpuInputs(inputs: readonly Block[]): GpuStorage[] | null {
  const storages: GpuStorage[] = [];
  for (const { storage } of inputs as readonly { storage: WebglStorage }[]) {
    if (isOnHost(storage)) return null;
    storages.push(storage);
  }
  return storages;
}

/** A tensor of one element as a number, which needs no texture; null for other data. */
export function scalarOf(graph: WebglGraph, data: TypedArray, dtype: DType): Deferred<GpuStorage, Known> | null {
  if (data.length !== 1) return null;
  const [value] = data;
  const bound = dtype === 'int32' ? Math.max(1, Math.abs(value)) : 1;
  return bound > EXACT ? null : graph.scalar(value, scalarType(dtype), { bound });
}

/** A copy of values that are on the host; null for others. */
export function hostValues(storage: TensorStorage, dtype: DType): TypedArray | null {
  if (isOnHost(storage)) return storage.data.slice();
  if (!(storage instanceof Deferred) || storage.scalar === null) return null;
  const data = allocate(dtype, 1);
  data[0] = storage.scalar.value;
  return data;
}
