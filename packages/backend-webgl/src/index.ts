import {
  type Backend,
  BackendError,
  findBackend,
  kernelMap,
  registerBackend,
  type TypedArray,
} from '@wengert/core/functions';
import { sharedContext } from './context.ts';
import { webglKernels } from './kernels/webglKernels.ts';
import { Device } from './program.ts';
import { isOnHost } from './storage.ts';
import { Pool, type WebglStorage } from './texture.ts';
import { finished, read, readSync, upload } from './transfer.ts';

/** How a WebGL backend is set up. */
export interface WebglOptions {
  /** The backend that computes what this one has no kernel for; by default the one registered as 'cpu'. */
  readonly fallback?: Backend;
  /** Bytes of unused textures to keep for later tensors; 256 MiB by default. */
  readonly poolBytes?: number;
}

/**
 * The backend that computes on the GPU through WebGL 2 and gpu.js: float32 textures that stay there until they are read.
 * int32 and bool are held in floats: int32 values beyond 2^24 in magnitude stay on the host, and an op whose int32
 * results may exceed it runs on the fallback. All backends of a page share one WebGL context.
 *
 * @throws BackendError where there is no WebGL 2, or no rendering to float textures.
 * @example
 * const backend = createWebglBackend();
 * const tensor = backend.write(Float32Array.of(1, 2), { shape: [2], dtype: 'float32' });
 */
export function createWebglBackend({ fallback, poolBytes = 2 ** 28 }: WebglOptions = {}): Backend {
  const context = sharedContext();
  const pool = new Pool(context, poolBytes);
  const device = new Device(context, pool);
  const kernels = kernelMap(webglKernels(device));
  const backend: Omit<Backend, 'fallback'> = {
    name: 'webgl',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels,
    write(data, { dtype }) {
      if (data instanceof Promise) throw new BackendError('write: the webgl backend takes data, not a promise of it');
      return upload(context, pool, data, dtype);
    },
    async read({ storage, dtype }): Promise<TypedArray> {
      const own = storage as WebglStorage;
      return isOnHost(own) ? own.data.slice() : read(context, own, dtype);
    },
    readSync({ storage, dtype }): TypedArray {
      const own = storage as WebglStorage;
      return isOnHost(own) ? own.data.slice() : readSync(context, own, dtype);
    },
    free(storage) {
      const own = storage as WebglStorage;
      if (!isOnHost(own)) pool.free(own);
    },
    flush: () => finished(context),
    memory: () => pool.memory(),
  };
  return Object.defineProperty(backend, 'fallback', { get: () => fallback ?? findBackend('cpu'), enumerable: true });
}

registerBackend('webgl', createWebglBackend, 3);
