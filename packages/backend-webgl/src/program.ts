import { BackendError } from '@wengert/core/functions';
import type { Program } from './compiled.ts';
import { type Context, lost } from './context.ts';
import { NEAR } from './glsl/access.ts';
import { library } from './glsl/library.ts';
import { WebGL2Kernel } from './gpu.ts';
import type { Pool } from './pool.ts';
import type { GpuStorage, Texture } from './texture.ts';

/**
 * What a kernel is compiled from. The GLSL defines `vec4 texel(int o)`, the four elements of the output from 4 * o on.
 * In it, input i is the sampler `t<i>`, with what `wTexel` and `wElement` need to know of it in the vec4 `s<i>`, and each
 * of `ints` a uniform of that name.
 * With more outputs than one, it leaves the same texel of the others in the globals `more1`, `more2`, and so on.
 */
export interface Source {
  readonly inputs: number;
  readonly ints: readonly string[];
  readonly outputs?: number;
  readonly glsl: string;
}

/** The members of gpu.js' kernels that compiling for a launch of our own needs; the version is pinned for them. */
interface Internals {
  texture: object | null;
  mappedTextures: object[] | null;
  program: WebGLProgram;
  fallbackRequested: boolean;
  built: boolean;
  build(): void;
}

/** The part of gpu.js that compiles; its own declarations do not know that sub-kernels may be strings. */
interface Compiler {
  createKernel(source: string, settings: object): { readonly kernel: object };
  createKernelMap(subKernels: readonly string[], source: string, settings: object): { readonly kernel: object };
}

/** One less than the texture units that every WebGL 2 has. */
export const MAX_INPUTS = 15;

/** Ends the names of programs for large outputs. */
const FAR = ' far';

/** The names under which programs of a source are kept. */
export const namesOf = (key: string): string[] => [key, `${key}${FAR}`];

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
    for (const { texture } of inputs) {
      if (texture === null) throw new BackendError(`webgl: ${key}: an empty tensor cannot be an input of a launch`);
      if (texture.generation !== context.generation) throw lost();
    }
    context.check(context.generation);
    const outs: GpuStorage[] = [];
    const targets: Texture[] = [];
    for (let i = 0; i < count; i++) {
      const out = this.pool.allocate(size, bound);
      outs.push(out);
      if (out.texture !== null) targets.push(out.texture);
    }
    draw(context, this.program(key, source, targets, size > NEAR), inputs, ints, targets);
    return outs;
  }

  /** The program known as `key`, of its two forms the one for outputs of so many elements. */
  private program(key: string, source: () => Source, targets: readonly Texture[], far: boolean): Program {
    const { programs } = this.context;
    const known = programs.get(far ? `${key}${FAR}` : key) ?? programs.get(key);
    if (known !== undefined && !(far && known.near)) return known;
    const { glsl, ...rest } = source();
    const near = !far && glsl.includes('wTake(');
    const code = far ? glsl.replaceAll('wTake(', 'wTakeFar(') : glsl;
    const program = compile(this.context, { ...rest, glsl: code }, targets, near);
    programs.set(code === glsl ? key : `${key}${FAR}`, program);
    return program;
  }
}

/** Has gpu.js compile a kernel without arguments: the uniforms are declared here, and set when it is drawn. */
function compile(
  context: Context,
  { inputs, ints, outputs = 1, glsl }: Source,
  targets: readonly Texture[],
  near: boolean,
): Program {
  if (inputs > MAX_INPUTS)
    throw new BackendError(`webgl: a kernel takes ${MAX_INPUTS} textures at most, not ${inputs}`);
  const { gl } = context;
  const compiler = context.compiler as object as Compiler;
  const numbers = Array.from({ length: inputs }, (_, i) => i);
  const names = ['outputWidth', ...ints];
  const others = Array.from({ length: outputs - 1 }, (_, i) => i + 1);
  const declarations = [
    ...numbers.map((i) => `uniform sampler2D t${i};\nuniform vec4 s${i};`),
    ...names.map((name) => `uniform int ${name};`),
    ...others.map((i) => `vec4 more${i};`),
  ];
  const native = (name: string, source: string) => ({ name, source, returnType: 'Array(4)', argumentTypes: [] });
  const settings = {
    output: [1, 1],
    precision: 'single',
    tactic: 'precision',
    pipeline: true,
    immutable: false,
    argumentTypes: {},
    returnType: 'Array(4)',
    injectedNative: `${declarations.join('\n')}\n`,
    nativeFunctions: [
      native(
        'outputTexel',
        `${library(glsl)}${glsl}
vec4 outputTexel() { return texel(int(gl_FragCoord.y) * outputWidth + int(gl_FragCoord.x)); }`,
      ),
      ...others.map((i) => native(`moreTexel${i}`, `vec4 moreTexel${i}() { return more${i}; }\n`)),
    ],
  };
  const { kernel } =
    outputs === 1
      ? compiler.createKernel('function () { return outputTexel(); }', settings)
      : compiler.createKernelMap(
          others.map((i) => `function more${i}Kernel() { return moreTexel${i}(); }`),
          `function () { const first = outputTexel(); ${others.map((i) => `more${i}Kernel();`).join(' ')} return first; }`,
          settings,
        );
  // It points the vertex attributes at a buffer of its own: each program gets its own set of them.
  const vertices = gl.createVertexArray();
  gl.bindVertexArray(vertices);
  const { program } = build(kernel as Internals, targets);
  context.renewState();
  const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  gl.useProgram(program);
  gl.uniform2f(at('ratio'), 1, 1);
  for (const i of numbers) gl.uniform1i(at(`t${i}`), i);
  return {
    program,
    kernel,
    vertices,
    near,
    ints: names.map(at),
    values: names.map(() => 0),
    extents: numbers.map((i) => at(`s${i}`)),
    extentsOf: numbers.map(() => null),
  };
}

function build(kernel: Internals, targets: readonly Texture[]): Internals {
  // With outputs to begin with it makes none of its own.
  kernel.texture = targets[0];
  if (targets.length > 1) kernel.mappedTextures = targets.slice(1);
  kernel.build();
  kernel.texture = null;
  kernel.mappedTextures = null;
  if (!(kernel instanceof WebGL2Kernel) || kernel.fallbackRequested || !kernel.built) {
    throw new BackendError('webgl: gpu.js fell back to the CPU instead of compiling for WebGL 2');
  }
  return kernel;
}

/** Draws without gpu.js, whose own run looks up and sets everything anew each time. */
function draw(
  context: Context,
  program: Program,
  inputs: readonly GpuStorage[],
  ints: readonly number[],
  targets: readonly Texture[],
): void {
  const { gl } = context;
  const [out] = targets;
  context.use(program);
  const set = (index: number, value: number): void => {
    if (program.values[index] === value) return;
    gl.uniform1i(program.ints[index], value);
    program.values[index] = value;
  };
  for (let i = 0; i < inputs.length; i++) {
    const texture = inputs[i].texture as Texture;
    context.bind(i, texture.texture);
    if (program.extents[i] !== null && program.extentsOf[i] !== texture) {
      const { width, height } = texture;
      gl.uniform4f(program.extents[i], 1 / width, 1 / height, width - 1, 4 * width - 4);
      program.extentsOf[i] = texture;
    }
  }
  set(0, out.width);
  for (let i = 0; i < ints.length; i++) set(1 + i, ints[i]);
  context.renderInto(targets);
  gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
}
