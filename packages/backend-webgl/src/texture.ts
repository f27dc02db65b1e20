import type { TypedArray } from '@wengert/core/functions';
import type { Context } from './context.ts';

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
