import { currentBackend } from './backends.ts';
import { type Dispatch, observe } from './observe.ts';
import { platform } from './platform.ts';
import type { Shape } from './shape.ts';
import { counters } from './storage.ts';
import { tidy } from './tidy.ts';

/** How long something took. */
export interface TimingInfo {
  /** Milliseconds until the backend had finished. */
  readonly wallMs: number;
}

/**
 * How long `f` takes, until the backend has finished its work. What `f` makes is disposed.
 * @example
 * console.log((await time(() => matMul(ones([9, 9]), ones([9, 9])))).wallMs > 0); // true
 */
export async function time(f: () => unknown): Promise<TimingInfo> {
  const start = platform.performance.now();
  tidy(() => {
    f();
  });
  await currentBackend().flush?.();
  return { wallMs: platform.performance.now() - start };
}

/** One op that ran during a profile. */
export interface ProfiledKernel extends Pick<Dispatch, 'backend' | 'route'> {
  readonly name: string;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
}

/** What happened during a profile, in tfjs's names. */
export interface ProfileInfo {
  /** Tensors and bytes that there are more of now. */
  readonly newTensors: number;
  readonly newBytes: number;
  /** The most bytes that were in use when an op began. */
  readonly peakBytes: number;
  /** The ops in the order in which they ran; of a composed one, also those that it is made of, after it. */
  readonly kernels: readonly ProfiledKernel[];
  readonly kernelNames: readonly string[];
  readonly result: unknown;
}

/**
 * Which ops `f` runs and what they leave in memory.
 * @example
 * console.log((await profile(() => sum(mul([1, 2], 3)))).kernelNames); // ['mul', 'sum']
 */
export async function profile(f: () => unknown): Promise<ProfileInfo> {
  const before = { ...counters };
  const kernels: ProfiledKernel[] = [];
  let peakBytes = before.bytes;
  const stop = observe(({ op, backend, route, inputs, outputs }) => {
    peakBytes = Math.max(peakBytes, counters.bytes);
    kernels.push({
      name: op,
      backend,
      route,
      inputShapes: inputs.map(({ shape }) => shape),
      outputShapes: outputs.map(({ shape }) => shape),
    });
  });
  try {
    const result = await f();
    return {
      newTensors: counters.tensors - before.tensors,
      newBytes: counters.bytes - before.bytes,
      peakBytes: Math.max(peakBytes, counters.bytes),
      kernels,
      kernelNames: [...new Set(kernels.map(({ name }) => name))],
      result,
    };
  } finally {
    stop();
  }
}
