import {
  ArgumentError,
  type Backend,
  BackendError,
  findBackend,
  type Kernel,
  kernelMap,
  registerBackend,
  type TypedArray,
} from '@wengert/core/functions';
import { sharedContext } from './context.ts';
import { webglKernels } from './kernels/webglKernels.ts';
import { Pool } from './pool.ts';
import { Device } from './program.ts';
import { isOnHost } from './storage.ts';
import type { WebglStorage } from './texture.ts';
import { finished, read, readSync, upload } from './transfer.ts';

/** How a WebGL backend is set up. */
export interface WebglOptions {
  /** The backend that computes what this one has no kernel for; by default the one registered as 'cpu'. */
  readonly fallback?: Backend;
  /** Bytes of unused textures to keep for later tensors; 256 MiB by default. */
  readonly poolBytes?: number;
  /**
   * Bytes of textures, used and unused, that this backend may hold; beyond it, new tensors throw a `BackendError`. By
   * default only the GPU's memory is the limit.
   */
  readonly maxBytes?: number;
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
export function createWebglBackend({
  fallback,
  poolBytes = 2 ** 28,
  maxBytes = Number.POSITIVE_INFINITY,
}: WebglOptions = {}): Backend {
  for (const [name, bytes] of Object.entries({ poolBytes, maxBytes })) {
    if (!(bytes >= 0)) throw new ArgumentError(`createWebglBackend: ${name} must be a number of bytes, not ${bytes}`);
  }
  const context = sharedContext();
  const pool = new Pool(context, { unused: poolBytes, all: maxBytes });
  const device = new Device(context, pool);
  const kernels = attempts(pool, kernelMap(webglKernels(device)));
  const backend: Omit<Backend, 'fallback'> = {
    name: 'webgl',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels,
    write(data, { dtype }) {
      if (data instanceof Promise) throw new BackendError('write: the webgl backend takes data, not a promise of it');
      return pool.attempt('write', () => upload(context, pool, data, dtype));
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

/** The kernels, each of which leaves nothing behind where it fails. */
function attempts(pool: Pool, kernels: ReadonlyMap<string, Kernel>): ReadonlyMap<string, Kernel> {
  const attempted = ([op, kernel]: readonly [string, Kernel]): [string, Kernel] => [
    op,
    (inputs, attrs, outputs) => pool.attempt(op, () => kernel(inputs, attrs, outputs)),
  ];
  return new Map([...kernels].map(attempted));
}

registerBackend('webgl', createWebglBackend, 3);
