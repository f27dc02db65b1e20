import { BackendError, WengertError } from '@wengert/core/functions';
import { type Context, lost } from './context.ts';
import { extent, type GpuStorage, INT32_BOUND, Texture } from './texture.ts';

/** Allocations of fewer bytes are not asked about: asking for errors waits for the GPU process. */
const ASKED_BYTES = 2 ** 26;

/** What a pool may hold, in bytes. */
export interface PoolLimits {
  /** Of unused textures, kept for later tensors. */
  readonly unused?: number;
  /** Of all textures, used and unused. */
  readonly all?: number;
}

/** Gives out textures and takes them back for the next tensor of their extent. */
export class Pool {
  private readonly context: Context;
  private readonly unusedLimit: number;
  private readonly limit: number;
  private readonly unused = new Map<number, Texture[]>();
  private blocks = 0;
  private bytes = 0;
  private unusedBytes = 0;
  private generation: number;
  private readonly forgotten: FinalizationRegistry<Texture>;
  /** What runs, for error messages, and what it allocated. */
  private attempted: { readonly op: string; readonly made: GpuStorage[] } | null = null;

  constructor(context: Context, { unused = Number.POSITIVE_INFINITY, all = Number.POSITIVE_INFINITY }: PoolLimits) {
    this.context = context;
    this.unusedLimit = unused;
    this.limit = all;
    this.generation = context.generation;
    this.forgotten = new FinalizationRegistry((texture) => this.give(texture));
  }

  /**
   * Runs `f` as `op`. Where it throws, everything that it allocated is given back; where the context was lost, the error
   * says so. An attempt within another stands by itself: what it made stays when the outer one fails.
   */
  attempt<R>(op: string, f: () => R): R {
    const outer = this.attempted;
    const own = { op, made: [] as GpuStorage[] };
    this.attempted = own;
    try {
      return f();
    } catch (error) {
      for (const storage of own.made) this.free(storage);
      if (!(error instanceof WengertError) && this.context.gl.isContextLost()) throw lost();
      throw error;
    } finally {
      this.attempted = outer;
    }
  }

  /** Room for `size` elements, with whatever values are left there. Throws `BackendError` where there is none. */
  allocate(size: number, bound: number = INT32_BOUND): GpuStorage {
    if (size === 0) return { texture: null, size, bound };
    const texture = this.take(size);
    const storage = { texture, size, bound };
    this.forgotten.register(storage, texture, storage);
    this.attempted?.made.push(storage);
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
    const { maxSide } = this.context;
    this.renew();
    const { shift, height } = extent(size, maxSide);
    if (height > maxSide) {
      throw this.refusal(
        `a tensor of ${size} elements exceeds this GPU's largest texture (${maxSide} x ${maxSide} x 4); split it, or compute on another backend`,
      );
    }
    const kept = this.unused.get(height * 32 + shift)?.pop();
    if (kept !== undefined) this.unusedBytes -= kept.bytes;
    const texture = kept ?? this.create(shift, height);
    this.blocks++;
    this.bytes += texture.bytes;
    return texture;
  }

  private create(shift: number, height: number): Texture {
    const bytes = 2 ** shift * height * 16;
    if (this.bytes + bytes > this.limit) {
      throw this.refusal(
        `${bytes} bytes more would exceed the limit of ${this.limit}, of which tensors hold ${this.bytes}; dispose() of tensors, compute in tidy(), or raise maxBytes of createWebglBackend`,
      );
    }
    this.shrink(this.limit - this.bytes - bytes);
    const made = this.open(shift, height);
    if (made !== null) return made;
    this.shrink(0);
    const again = this.open(shift, height);
    if (again !== null) return again;
    throw this.refusal(
      `out of GPU memory for ${bytes} bytes more, beside the ${this.bytes} that tensors hold; dispose() of tensors, or compute in tidy()`,
    );
  }

  /** A new texture; null where the GPU has no memory for it. */
  private open(shift: number, height: number): Texture | null {
    const { context } = this;
    const { gl } = context;
    const texture = gl.createTexture();
    if (texture === null || gl.isContextLost()) throw lost();
    context.bind(0, texture, true);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    // Walks through rows go round the edge.
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.REPEAT);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, 2 ** shift, height);
    const made = new Texture(texture, gl, context.generation, shift, height);
    if (made.bytes < ASKED_BYTES || !outOfMemory(gl)) return made;
    gl.deleteTexture(texture);
    return null;
  }

  private give(texture: Texture): void {
    if (this.renew() || texture.generation !== this.generation) return;
    this.blocks--;
    this.bytes -= texture.bytes;
    if (this.unusedBytes + texture.bytes > this.unusedLimit) {
      texture.delete();
      return;
    }
    this.unusedBytes += texture.bytes;
    const key = texture.height * 32 + texture.shift;
    const list = this.unused.get(key);
    if (list === undefined) this.unused.set(key, [texture]);
    else list.push(texture);
  }

  /** Deletes unused textures until they take no more than `bytes`. */
  private shrink(bytes: number): void {
    for (const [key, list] of this.unused) {
      if (this.unusedBytes <= bytes) return;
      while (list.length > 0 && this.unusedBytes > bytes) {
        const texture = list.pop() as Texture;
        this.unusedBytes -= texture.bytes;
        texture.delete();
      }
      if (list.length === 0) this.unused.delete(key);
    }
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

  private refusal(reason: string): BackendError {
    return new BackendError(`webgl: ${this.attempted === null ? '' : `${this.attempted.op}: `}${reason}`);
  }
}

/** Whether that is among the errors since they were last asked for. */
function outOfMemory(gl: WebGL2RenderingContext): boolean {
  let found = false;
  for (let error = gl.getError(); error !== gl.NO_ERROR; error = gl.getError()) found ||= error === gl.OUT_OF_MEMORY;
  return found;
}
