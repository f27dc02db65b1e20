import { BackendError } from '@wengert/core/functions';
import type { Program } from './compiled.ts';
import { GPU, WebGL2Kernel } from './gpu.ts';
import type { Texture } from './texture.ts';

type Canvas = HTMLCanvasElement | OffscreenCanvas;

/**
 * The page's one WebGL 2 context with gpu.js over it. Browsers keep about sixteen contexts and drop the oldest, so all
 * backends share this one.
 */
export class Context {
  readonly gl: WebGL2RenderingContext;
  readonly maxSide: number;
  /** Counts the losses: what was made before one is gone. */
  generation = 0;
  /** Compiled kernels by structure. */
  readonly programs: Map<string, Program> = new Map();
  private gpu: GPU | null;
  private floats = true;
  private current: WebGLProgram | null = null;
  private unit = -1;
  /** The texture of each unit, as far as it is known. */
  private readonly bound: WebGLTexture[] = [];
  /** Framebuffers for several textures at once, by their number. */
  private readonly several = new Map<number, { framebuffer: WebGLFramebuffer; attached: WebGLTexture[] }>();

  constructor(canvas: Canvas, gl: WebGL2RenderingContext) {
    this.gl = gl;
    this.gpu = createGpu(gl);
    this.maxSide = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    // Without preventDefault the browser never restores the context.
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.forget();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.forget();
      this.floats = rendersFloats(gl);
    });
  }

  /** gpu.js, for programs. */
  get compiler(): GPU {
    this.gpu ??= createGpu(this.gl);
    return this.gpu;
  }

  /** Whether what was made in `generation` is gone. */
  isLost(generation: number): boolean {
    return generation !== this.generation || !this.floats || this.gl.isContextLost();
  }

  /** Throws a `BackendError` where what was made in `generation` is gone: a lost context answers with zeros. */
  check(generation: number): void {
    if (this.isLost(generation)) throw lost();
  }

  /** Makes a texture that of a unit; `active` where it is also to be changed. */
  bind(unit: number, texture: WebGLTexture, active = false): void {
    const { gl, bound } = this;
    if (bound[unit] === texture && (!active || this.unit === unit)) return;
    if (this.unit !== unit) gl.activeTexture(gl.TEXTURE0 + unit);
    this.unit = unit;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    bound[unit] = texture;
  }

  use({ program, vertices }: Program): void {
    if (this.current === program) return;
    this.gl.useProgram(program);
    this.gl.bindVertexArray(vertices);
    this.current = program;
  }

  /** Draws from now on go to these textures, which have one extent, and reads come from the first. */
  renderInto(targets: readonly Texture[]): void {
    const { gl } = this;
    const [first] = targets;
    if (targets.length > 1) this.attach(targets);
    else first.bindFramebuffer();
    gl.viewport(0, 0, first.width, first.height);
  }

  /** Forgets what it knows of the state of WebGL, after others have changed that. */
  renewState(): void {
    this.gl.disable(this.gl.SCISSOR_TEST);
    this.current = null;
    this.unit = -1;
    this.bound.length = 0;
  }

  /** Binds the framebuffer for so many textures at once. */
  private attach(targets: readonly Texture[]): void {
    const { gl } = this;
    const count = targets.length;
    const { framebuffer, attached } = this.several.get(count) ?? { framebuffer: gl.createFramebuffer(), attached: [] };
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    if (attached.length === 0) {
      gl.drawBuffers(targets.map((_, i) => gl.COLOR_ATTACHMENT0 + i));
      this.several.set(count, { framebuffer, attached });
    }
    for (const [i, { texture }] of targets.entries()) {
      if (attached[i] === texture) continue;
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, gl.TEXTURE_2D, texture, 0);
      attached[i] = texture;
    }
  }

  private forget(): void {
    this.generation++;
    this.gpu = null;
    this.programs.clear();
    this.several.clear();
    this.current = null;
    this.unit = -1;
    this.bound.length = 0;
  }
}

export function lost(): BackendError {
  return new BackendError(
    'webgl: the WebGL context was lost, and with it the values of all tensors on this backend; make them again from host data',
  );
}

/** Whether textures of floats can be rendered to; asking allows it, anew after each restoration. */
function rendersFloats(gl: WebGL2RenderingContext): boolean {
  return gl.getExtension('EXT_color_buffer_float') !== null;
}

function createGpu(gl: WebGL2RenderingContext): GPU {
  // gpu.js resizes the canvas to its largest texture: a stand-in keeps the real one small.
  const gpu = new GPU({ mode: 'webgl2', context: gl, canvas: { width: 1, height: 1 } });
  if (gpu.Kernel !== WebGL2Kernel) {
    throw new BackendError(`webgl: gpu.js chose its '${gpu.mode}' kernels instead of WebGL 2`);
  }
  return gpu;
}

function open(): Context {
  const canvas: Canvas | undefined =
    typeof document !== 'undefined'
      ? document.createElement('canvas')
      : typeof OffscreenCanvas !== 'undefined'
        ? new OffscreenCanvas(1, 1)
        : undefined;
  if (canvas === undefined) {
    throw new BackendError('webgl: there is no canvas here; this backend needs a browser with WebGL 2');
  }
  const options = { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: 'high-performance' };
  const gl = canvas.getContext('webgl2', options) as WebGL2RenderingContext | null;
  if (gl === null || gl.isContextLost()) throw new BackendError('webgl: this browser gives no WebGL 2 context');
  if (!rendersFloats(gl)) {
    throw new BackendError('webgl: this GPU cannot render to float textures (EXT_color_buffer_float is missing)');
  }
  return new Context(canvas, gl);
}

let shared: Context | undefined;

/** The page's context, opened on first use. Throws `BackendError` where there is no WebGL 2 with float textures. */
export function sharedContext(): Context {
  shared ??= open();
  return shared;
}
