import type { Block } from '@wengert/core/functions';
import type { GpuStorage, HostStorage, WebglStorage } from './texture.ts';

/** Whether a storage stayed on the host, where no kernel reaches it. */
export function isOnHost(storage: WebglStorage): storage is HostStorage {
  return 'data' in storage;
}

/** The storages of a kernel's inputs; null where one of them stayed on the host. */
export function gpuInputs(inputs: readonly Block[]): GpuStorage[] | null {
  const storages: GpuStorage[] = [];
  for (const { storage } of inputs as readonly { storage: WebglStorage }[]) {
    if (isOnHost(storage)) return null;
    storages.push(storage);
  }
  return storages;
}
