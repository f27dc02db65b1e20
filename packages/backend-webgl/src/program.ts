import { BackendError } from '@wengert/core';
import { type IKernelRunShortcut, WebGL2Kernel } from 'gpu.js';
import type { Context } from './context.ts';
import { library } from './glsl/library.ts';
import type { GpuStorage, Pool, Texture } from './texture.ts';

/**
 * What a kernel is compiled from. The GLSL defines `vec4 texel(int o)`, the four elements of the output from 4 * o on.
 * In it, input i is the sampler `t<i>` with its width's exponent `s<i>`, and each of `ints` a uniform of that name.
 */
export interface Source {
  readonly inputs: number;
  readonly ints: readonly string[];
  readonly glsl: string;
}

/** The members of gpu.js' kernels that a launch into a texture of our own needs; the version is pinned for them. */
interface Internals {
  texture: Texture | null;
  texSize: Int32Array;
  maxTexSize: Int32Array;
  _textureSwitched: boolean;
  fallbackRequested: boolean;
  built: boolean;
  build(...args: unknown[]): void;
}

/** A compiled kernel. */
export interface Program {
  readonly run: IKernelRunShortcut;
  readonly vertices: WebGLVertexArrayObject | null;
}

/** gpu.js gives silently wrong results with sixteen texture arguments. */
export const MAX_INPUTS = 15;

/** What kernels work with: the context, the textures of one backend, and the launch of a program. */
export class Device {
  readonly context: Context;
  readonly pool: Pool;

  constructor(context: Context, pool: Pool) {
    this.context = context;
    this.pool = pool;
  }

  /**
   * Computes a new storage of `size` elements with the program known as `key`, compiled from `source()` the first time.
   * `ints` are the values of the source's uniforms, in its order.
   */
  launch(
    key: string,
    source: () => Source,
    inputs: readonly GpuStorage[],
    ints: readonly number[],
    size: number,
    bound?: number,
  ): GpuStorage {
    const { context } = this;
    const args: (Texture | number)[] = [];
    for (const { texture } of inputs) {
      if (texture === null) throw new BackendError(`webgl: ${key}: an empty tensor cannot be an input of a launch`);
      context.check(texture.generation);
      args.push(texture);
    }
    context.check(context.generation);
    const out = this.pool.allocate(size, bound);
    if (out.texture === null) return out;
    for (const { texture } of inputs) args.push(texture?.shift ?? 0);
    args.push(out.texture.shift, ...ints);
    let program = context.programs.get(key);
    if (program === undefined) {
      program = compile(context, source());
      context.programs.set(key, program);
    }
    render(context, program, args, out.texture);
    return out;
  }
}

function compile(context: Context, { inputs, ints, glsl }: Source): Program {
  if (inputs > MAX_INPUTS)
    throw new BackendError(`webgl: a kernel takes ${MAX_INPUTS} textures at most, not ${inputs}`);
  const indices = Array.from({ length: inputs }, (_, i) => i);
  const textures = indices.map((i) => `t${i}`);
  const names = [...textures, ...indices.map((i) => `s${i}`), 'so', ...ints];
  const defines = names.map((name) => `#define ${name} user_${name}\n`).join('');
  const main =
    'vec4 outputTexel() { return texel((int(gl_FragCoord.y) << so) + int(gl_FragCoord.x)); }\n' +
    names.map((name) => `#undef ${name}\n`).join('');
  const settings = {
    output: [1, 1],
    precision: 'single' as const,
    tactic: 'precision' as const,
    pipeline: true,
    immutable: false,
    loopMaxIterations: 1 << 24,
    argumentTypes: Object.fromEntries(
      names.map((name, i) => [name, i < inputs ? 'ArrayTexture(4)' : 'Integer'] as const),
    ),
    returnType: 'Array(4)' as const,
    nativeFunctions: [
      {
        name: 'outputTexel',
        source: `${library(glsl)}${defines}${glsl}\n${main}`,
        returnType: 'Array(4)' as const,
        argumentTypes: [],
      },
    ],
  };
  const run = context.compiler.createKernel(`function (${names.join(', ')}) { return outputTexel(); }`, settings);
  return { run, vertices: context.gl.createVertexArray() };
}

function render({ gl }: Context, { run, vertices }: Program, args: readonly unknown[], out: Texture): void {
  const kernel = run.kernel as object as Internals;
  // Every gpu.js kernel points the shared vertex attributes at a buffer of its own: each gets its own set of them.
  gl.bindVertexArray(vertices);
  kernel.texture = out;
  kernel._textureSwitched = true;
  if (!kernel.built) {
    kernel.build(...args);
    if (!(kernel instanceof WebGL2Kernel) || kernel.fallbackRequested || !kernel.built) {
      throw new BackendError('webgl: gpu.js fell back to the CPU instead of compiling for WebGL 2');
    }
  }
  kernel.texSize = out.size;
  kernel.maxTexSize = out.size;
  gl.viewport(0, 0, out.size[0], out.size[1]);
  run(...(args as never[]));
  kernel.texture = null;
}
