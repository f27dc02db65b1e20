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
import { type WebglGraph, webglGraph } from './fusion.ts';
import { boundOfData, HostStorage } from './hostStorage.ts';
import { pointwiseKernels } from './kernels/pointwise.ts';
import { webglKernels } from './kernels/webglKernels.ts';
import { Pool } from './pool.ts';
import { Device } from './program.ts';
import { hostValues, materialised, onHost, type TensorStorage } from './storage.ts';
import { EXACT, type GpuStorage } from './texture.ts';
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
  /** Whether chains of pointwise ops wait to be computed in one launch, as they do by default. */
  readonly fusion?: boolean;
  /**
   * Tensors with fewer elements stay on the host when they come from there, until an op needs them on the GPU; pointwise
   * ops of nothing else are computed where they are. 128 by default; 0 sends all but single numbers to the GPU at once.
   */
  readonly hostElements?: number;
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
  fusion = true,
  hostElements = 128,
}: WebglOptions = {}): Backend {
  for (const [name, bytes] of Object.entries({ poolBytes, maxBytes })) {
    if (!(bytes >= 0)) throw new ArgumentError(`createWebglBackend: ${name} must be a number of bytes, not ${bytes}`);
  }
  if (!(hostElements >= 0)) {
    throw new ArgumentError(`createWebglBackend: hostElements must be a number of elements, not ${hostElements}`);
  }
  const context = sharedContext();
  const pool = new Pool(context, { unused: poolBytes, all: maxBytes });
  const device = new Device(context, pool);
  const graph = webglGraph(device, fusion);
  const others = attempts(device, graph, kernelMap(webglKernels(device)));
  const backend: Omit<Backend, 'fallback'> = {
    name: 'webgl',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map([...others, ...kernelMap(pointwiseKernels(device, graph, hostElements))]),
    write(data, { dtype }) {
      if (data instanceof Promise) throw new BackendError('write: the webgl backend takes data, not a promise of it');
      context.check(context.generation);
      const bound = boundOfData(data, dtype);
      if (bound > EXACT) return new HostStorage(data.slice(), bound);
      if (data.length === 1) return onHost(graph, data, dtype, bound);
      if (data.length > 0 && data.length < hostElements) return onHost(graph, data.slice(), dtype, bound);
      return pool.attempt('write', () => upload(context, pool, data, bound));
    },
    async read({ storage, dtype }): Promise<TypedArray> {
      const own = storage as TensorStorage;
      return hostValues(own, dtype) ?? read(context, graph.valueOf(own as GpuStorage), dtype);
    },
    readSync({ storage, dtype }): TypedArray {
      const own = storage as TensorStorage;
      return hostValues(own, dtype) ?? readSync(context, graph.valueOf(own as GpuStorage), dtype);
    },
    free(storage) {
      const own = storage as TensorStorage;
      const held = own instanceof HostStorage ? own.copy : own;
      // Launches that wait may still read it.
      if (held !== null) graph.free(held);
    },
    retain: (storage) => graph.keep(storage as GpuStorage),
    promote: (storage) => graph.keep(storage as GpuStorage),
    async flush() {
      graph.flush();
      await finished(context);
    },
    memory: () => pool.memory(),
  };
  return Object.defineProperty(backend, 'fallback', { get: () => fallback ?? findBackend('cpu'), enumerable: true });
}

/** The kernels, given inputs that have values; each leaves nothing behind where it fails. */
function attempts(
  device: Device,
  graph: WebglGraph,
  kernels: ReadonlyMap<string, Kernel>,
): ReadonlyMap<string, Kernel> {
  const attempted = ([op, kernel]: readonly [string, Kernel]): [string, Kernel] => [
    op,
    materialised(device, graph, (inputs, attrs, outputs) =>
      device.pool.attempt(op, () => kernel(inputs, attrs, outputs)),
    ),
  ];
  return new Map([...kernels].map(attempted));
}

registerBackend('webgl', createWebglBackend, 3);
