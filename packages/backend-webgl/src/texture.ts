import type { Leaf } from '@wengert/fusion';

/** An RGBA32F texture, with the framebuffer that renders into it. */
export class Texture {
  readonly texture: WebGLTexture;
  /** The width is 2 ** shift. */
  readonly shift: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly generation: number;
  private readonly gl: WebGL2RenderingContext;
  private target: WebGLFramebuffer | null = null;

  constructor(texture: WebGLTexture, gl: WebGL2RenderingContext, generation: number, shift: number, height: number) {
    this.texture = texture;
    this.gl = gl;
    this.generation = generation;
    this.shift = shift;
    this.width = 2 ** shift;
    this.height = height;
    this.bytes = this.width * height * 16;
  }

  /** Binds the framebuffer with this texture. */
  bindFramebuffer(): void {
    const { gl, target } = this;
    this.target ??= gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
    if (target !== null) return;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }

  delete(): void {
    if (this.target !== null) this.gl.deleteFramebuffer(this.target);
    this.gl.deleteTexture(this.texture);
  }
}

/** A tensor on the GPU: its elements in row-major order, four a texel, whatever its shape. */
export interface GpuStorage extends Leaf {
  /** null where there are no elements. */
  readonly texture: Texture | null;
  readonly size: number;
  /** No element of an int32 tensor is greater than this in magnitude. */
  readonly bound: number;
}

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
