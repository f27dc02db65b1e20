import { BackendError } from '@wengert/core/functions';
import type { Program, Run } from './compiled.ts';
import type { Context } from './context.ts';
import { library } from './glsl/library.ts';
import { WebGL2Kernel } from './gpu.ts';
import type { Pool } from './pool.ts';
import type { GpuStorage, Texture } from './texture.ts';

/**
 * What a kernel is compiled from. The GLSL defines `vec4 texel(int o)`, the four elements of the output from 4 * o on.
 * In it, input i is the sampler `t<i>` with its width's exponent `s<i>`, and each of `ints` a uniform of that name.
 * With more outputs than one, it leaves the same texel of the others in the globals `more1`, `more2`, and so on.
 */
export interface Source {
  readonly inputs: number;
  readonly ints: readonly string[];
  readonly outputs?: number;
  readonly glsl: string;
}

/** The members of gpu.js' kernels that a launch into a texture of our own needs; the version is pinned for them. */
interface Internals {
  texture: Texture | null;
  mappedTextures: Texture[] | null;
  drawBuffersMap: number[] | null;
  framebuffer: WebGLFramebuffer | null;
  texSize: Int32Array;
  maxTexSize: Int32Array;
  _textureSwitched: boolean;
  fallbackRequested: boolean;
  built: boolean;
  build(...args: unknown[]): void;
}

/** The part of gpu.js that compiles; its own declarations do not know that sub-kernels may be strings. */
interface Compiler {
  createKernel(source: string, settings: object): Run;
  createKernelMap(subKernels: readonly string[], source: string, settings: object): Run;
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
    return this.launchAll(key, source, inputs, ints, size, bound)[0];
  }

  /** As `launch`, for a source with several outputs, all of one size. */
  launchAll(
    key: string,
    source: () => Source,
    inputs: readonly GpuStorage[],
    ints: readonly number[],
    size: number,
    bound?: number,
    count = 1,
  ): GpuStorage[] {
    const { context } = this;
    if (size === 0) return Array.from({ length: count }, () => this.pool.allocate(0, bound));
    const args: (Texture | number)[] = [];
    for (const { texture } of inputs) {
      if (texture === null) throw new BackendError(`webgl: ${key}: an empty tensor cannot be an input of a launch`);
      context.check(texture.generation);
      args.push(texture);
    }
    context.check(context.generation);
    const outs: GpuStorage[] = [];
    const targets: Texture[] = [];
    for (let i = 0; i < count; i++) {
      const out = this.pool.allocate(size, bound);
      outs.push(out);
      if (out.texture !== null) targets.push(out.texture);
    }
    for (const { texture } of inputs) args.push(texture?.shift ?? 0);
    args.push(targets[0].shift, ...ints);
    let program = context.programs.get(key);
    if (program === undefined) {
      program = compile(context, source());
      context.programs.set(key, program);
    }
    render(context, program, args, targets);
    return outs;
  }
}

function compile(context: Context, { inputs, ints, outputs = 1, glsl }: Source): Program {
  if (inputs > MAX_INPUTS)
    throw new BackendError(`webgl: a kernel takes ${MAX_INPUTS} textures at most, not ${inputs}`);
  const compiler = context.compiler as object as Compiler;
  const indices = Array.from({ length: inputs }, (_, i) => i);
  const textures = indices.map((i) => `t${i}`);
  const names = [...textures, ...indices.map((i) => `s${i}`), 'so', ...ints];
  const defines = names.map((name) => `#define ${name} user_${name}\n`).join('');
  const others = Array.from({ length: outputs - 1 }, (_, i) => i + 1);
  const globals = others.map((i) => `vec4 more${i};\n`).join('');
  const main =
    'vec4 outputTexel() { return texel((int(gl_FragCoord.y) << so) + int(gl_FragCoord.x)); }\n' +
    names.map((name) => `#undef ${name}\n`).join('');
  const native = (name: string, source: string) => ({
    name,
    source,
    returnType: 'Array(4)',
    argumentTypes: [],
  });
  const settings = {
    output: [1, 1],
    precision: 'single',
    tactic: 'precision',
    pipeline: true,
    immutable: false,
    loopMaxIterations: 1 << 24,
    argumentTypes: Object.fromEntries(names.map((name, i) => [name, i < inputs ? 'ArrayTexture(4)' : 'Integer'])),
    returnType: 'Array(4)',
    injectedNative: globals,
    nativeFunctions: [
      native('outputTexel', `${library(glsl)}${defines}${glsl}\n${main}`),
      ...others.map((i) => native(`moreTexel${i}`, `vec4 moreTexel${i}() { return more${i}; }\n`)),
    ],
  };
  const parameters = names.join(', ');
  const run =
    outputs === 1
      ? compiler.createKernel(`function (${parameters}) { return outputTexel(); }`, settings)
      : compiler.createKernelMap(
          others.map((i) => `function more${i}Kernel() { return moreTexel${i}(); }`),
          `function (${parameters}) { const first = outputTexel(); ${others.map((i) => `more${i}Kernel();`).join(' ')} return first; }`,
          settings,
        );
  return { run, vertices: context.gl.createVertexArray() };
}

function render({ gl }: Context, { run, vertices }: Program, args: readonly unknown[], targets: Texture[]): void {
  const kernel = run.kernel as Internals;
  const [out] = targets;
  // Every gpu.js kernel points the shared vertex attributes at a buffer of its own: each gets its own set of them.
  gl.bindVertexArray(vertices);
  kernel.texture = out;
  kernel._textureSwitched = true;
  if (targets.length > 1) {
    kernel.mappedTextures = targets.slice(1);
    kernel.drawBuffersMap = targets.map((_, i) => gl.COLOR_ATTACHMENT0 + i);
  }
  if (!kernel.built) {
    kernel.build(...args);
    if (!(kernel instanceof WebGL2Kernel) || kernel.fallbackRequested || !kernel.built) {
      throw new BackendError('webgl: gpu.js fell back to the CPU instead of compiling for WebGL 2');
    }
  }
  for (let i = 1; i < targets.length; i++) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, kernel.framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, gl.TEXTURE_2D, targets[i].texture, 0);
  }
  kernel.texSize = out.size;
  kernel.maxTexSize = out.size;
  gl.viewport(0, 0, out.size[0], out.size[1]);
  run(...args);
  kernel.texture = null;
  if (targets.length > 1) kernel.mappedTextures = [];
}
