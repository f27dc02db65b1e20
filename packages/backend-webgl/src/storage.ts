import { allocate, type Block, type DType, type Kernel, type TypedArray } from '@wengert/core/functions';
import { Deferred, scalarType } from '@wengert/fusion';
import type { Known } from './bounds.ts';
import type { WebglGraph } from './fusion.ts';
import { HostStorage } from './hostStorage.ts';
import type { Device } from './program.ts';
import type { GpuStorage } from './texture.ts';

/** What core holds of a tensor: pointwise ops are deferred, and some values stay on the host. */
export type TensorStorage = GpuStorage | HostStorage | Deferred<GpuStorage, Known>;

/** A storage that waits for nothing. */
type WebglStorage = GpuStorage | HostStorage;

/** The kernel, with inputs that have values, on the GPU wherever texels hold them. */
export function materialised(device: Device, graph: WebglGraph, kernel: Kernel): Kernel {
  return (inputs, attrs, outputs) => {
    const some = inputs.some(({ storage }) => storage instanceof Deferred || storage instanceof HostStorage);
    return kernel(some ? inputs.map((input) => valued(device, graph, input)) : inputs, attrs, outputs);
  };
}

function valued({ context, pool }: Device, graph: WebglGraph, { storage, shape, dtype }: Block): Block {
  if (storage instanceof HostStorage) {
    return { storage: storage.fits ? storage.onGpu(context, pool) : storage, shape, dtype };
  }
  return { storage: storage instanceof Deferred ? graph.valueOf(storage) : storage, shape, dtype };
}

/** The storages of a kernel's inputs, which have values; null where one of them stayed on the host. */
export function gpuInputs(inputs: readonly Block[]): GpuStorage[] | null {
  const storages: GpuStorage[] = [];
  for (const { storage } of inputs as readonly { storage: WebglStorage }[]) {
    if (storage instanceof HostStorage) return null;
    storages.push(storage);
  }
  return storages;
}

/** A tensor of values on the host: as a number, which launches take as it is, where there is one. */
export function onHost(graph: WebglGraph, data: TypedArray, dtype: DType, bound: number): TensorStorage {
  return data.length === 1 ? graph.scalar(data[0], scalarType(dtype), { bound }) : new HostStorage(data, bound);
}

/** A copy of values that are on the host; null for others. */
export function hostValues(storage: TensorStorage, dtype: DType): TypedArray | null {
  if (storage instanceof HostStorage) return storage.data.slice();
  if (!(storage instanceof Deferred) || storage.scalar === null) return null;
  const data = allocate(dtype, 1);
  data[0] = storage.scalar.value;
  return data;
}
