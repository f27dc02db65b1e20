import { BackendError, type TypedArray } from '@wengert/core/functions';
import { type Context, lost } from './context.ts';

/** An RGBA32F texture of our own, in the form in which gpu.js takes one as an argument and as an output. */
export class Texture {
  readonly type = 'ArrayTexture(4)';
  readonly texture: WebGLTexture;
  readonly context: WebGL2RenderingContext;
  readonly size: Int32Array;
  readonly dimensions: Int32Array;
  /** The width is 2 ** shift. */
  readonly shift: number;
  readonly bytes: number;
  readonly generation: number;

  constructor(texture: WebGLTexture, context: Context, shift: number, height: number) {
    this.texture = texture;
    this.context = context.gl;
    this.generation = context.generation;
    this.shift = shift;
    this.size = Int32Array.of(2 ** shift, height);
    this.dimensions = Int32Array.of(2 ** shift, height, 1);
    this.bytes = 2 ** shift * height * 16;
  }

  /** gpu.js asks before it renders into a texture whether that one has to be replaced. */
  beforeMutate(): boolean {
    return false;
  }
}

/** A tensor on the GPU: its elements in row-major order, four a texel, whatever its shape. */
export interface GpuStorage {
  /** null where there are no elements. */
  readonly texture: Texture | null;
  readonly size: number;
  /** No element of an int32 tensor is greater than this in magnitude. */
  readonly bound: number;
}

/** An int32 tensor with values that float texels do not hold: it stays on the host. */
export interface HostStorage {
  readonly data: TypedArray;
}

export type WebglStorage = GpuStorage | HostStorage;

/** The largest magnitude up to which a float32 holds every integer. */
export const EXACT: number = 2 ** 24;

/** What the magnitude of an int32 cannot exceed. */
export const INT32_BOUND: number = 2 ** 31;

/** The width, as an exponent of 2, and the height of the texture for `size` elements. */
export function extent(size: number, maxSide: number): { shift: number; height: number } {
  const texels = Math.ceil(size / 4);
  const shift = Math.min(Math.ceil(Math.log2(texels) / 2), Math.floor(Math.log2(maxSide)));
  return { shift, height: Math.ceil(texels / 2 ** shift) };
}

/** Gives out textures and takes them back for the next tensor of their extent, up to `cap` unused bytes. */
export class Pool {
  private readonly context: Context;
  private readonly cap: number;
  private readonly unused = new Map<number, Texture[]>();
  private blocks = 0;
  private bytes = 0;
  private unusedBytes = 0;
  private generation: number;
  private readonly forgotten: FinalizationRegistry<Texture>;

  constructor(context: Context, cap: number) {
    this.context = context;
    this.cap = cap;
    this.generation = context.generation;
    this.forgotten = new FinalizationRegistry((texture) => this.give(texture));
  }

  /** Room for `size` elements, with whatever values are left there. */
  allocate(size: number, bound: number = INT32_BOUND): GpuStorage {
    if (size === 0) return { texture: null, size, bound };
    const texture = this.take(size);
    const storage = { texture, size, bound };
    this.forgotten.register(storage, texture, storage);
    return storage;
  }

  free(storage: GpuStorage): void {
    if (storage.texture === null) return;
    // Only the first call finds a registration: a second one must not give the texture to two tensors.
    if (this.forgotten.unregister(storage)) this.give(storage.texture);
  }

  /** The textures that tensors hold, and their bytes. */
  memory(): { blocks: number; bytes: number } {
    this.renew();
    return { blocks: this.blocks, bytes: this.bytes };
  }

  private take(size: number): Texture {
    const { context } = this;
    this.renew();
    const { shift, height } = extent(size, context.maxSide);
    const list = this.unused.get(height * 32 + shift);
    let texture = list?.pop();
    if (texture === undefined) texture = this.create(shift, height);
    else this.unusedBytes -= texture.bytes;
    this.blocks++;
    this.bytes += texture.bytes;
    return texture;
  }

  private create(shift: number, height: number): Texture {
    const { context } = this;
    const { gl } = context;
    if (height > context.maxSide) {
      throw new BackendError(
        `webgl: a tensor of ${2 ** shift * height * 4} elements exceeds this GPU's largest texture (${context.maxSide} x ${context.maxSide} x 4)`,
      );
    }
    const texture = gl.createTexture();
    if (texture === null || gl.isContextLost()) throw lost();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, 2 ** shift, height);
    // Asking for errors waits for the GPU process, so only allocations that may well fail are asked about.
    if (2 ** shift * height >= 2 ** 22 && gl.getError() === gl.OUT_OF_MEMORY) {
      gl.deleteTexture(texture);
      throw new BackendError(`webgl: out of GPU memory for a tensor of ${2 ** shift * height * 4} elements`);
    }
    return new Texture(texture, context, shift, height);
  }

  private give(texture: Texture): void {
    if (this.renew() || texture.generation !== this.generation) return;
    this.blocks--;
    this.bytes -= texture.bytes;
    if (this.unusedBytes + texture.bytes > this.cap) {
      this.context.gl.deleteTexture(texture.texture);
      return;
    }
    this.unusedBytes += texture.bytes;
    const key = texture.size[1] * 32 + texture.shift;
    const list = this.unused.get(key);
    if (list === undefined) this.unused.set(key, [texture]);
    else list.push(texture);
  }

  /** Starts over where the context was lost, and with it every texture. */
  private renew(): boolean {
    if (this.generation === this.context.generation) return false;
    this.generation = this.context.generation;
    this.unused.clear();
    this.unusedBytes = 0;
    this.blocks = 0;
    this.bytes = 0;
    return true;
  }
}
