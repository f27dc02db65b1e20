import { allocate, BackendError, type DType, type TypedArray } from '@wengert/core/functions';
import { type Context, lost } from './context.ts';
import type { Pool } from './pool.ts';
import type { GpuStorage } from './texture.ts';

/** Copies host data into a texture; of int32 values, none is greater than `bound` in magnitude. */
export function upload(context: Context, pool: Pool, data: TypedArray, bound = 1): GpuStorage {
  context.check(context.generation);
  const storage = pool.allocate(data.length, bound);
  if (storage.texture === null) return storage;
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  const { gl } = context;
  const { width } = storage.texture;
  const rows = Math.floor(values.length / (4 * width));
  const rest = values.length - rows * 4 * width;
  context.bind(0, storage.texture.texture, true);
  if (rows > 0) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, rows, gl.RGBA, gl.FLOAT, values);
  if (rest > 0) {
    const texels = Math.ceil(rest / 4);
    const padded = new Float32Array(texels * 4);
    padded.set(values.subarray(values.length - rest));
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, rows, texels, 1, gl.RGBA, gl.FLOAT, padded);
  }
  return storage;
}

/** Copies a texture to the host, waiting for the GPU. */
export function readSync(context: Context, { texture, size }: GpuStorage, dtype: DType): TypedArray {
  if (texture === null) return allocate(dtype, 0);
  context.check(texture.generation);
  const { gl } = context;
  const { width, height } = texture;
  context.renderInto([texture]);
  const pixels = receive(width * height * 4, (into) => {
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, into);
    context.check(texture.generation);
  });
  return convert(pixels, size, dtype);
}

/** Copies a texture to the host without blocking the thread: through a pixel buffer and a fence. */
export async function read(context: Context, { texture, size }: GpuStorage, dtype: DType): Promise<TypedArray> {
  if (texture === null) return allocate(dtype, 0);
  context.check(texture.generation);
  const { gl } = context;
  const { width, height } = texture;
  const buffer = gl.createBuffer();
  context.renderInto([texture]);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, texture.bytes, gl.STREAM_READ);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, 0);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  try {
    await finished(context, texture.generation);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    try {
      const pixels = receive(width * height * 4, (into) => {
        gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, into);
        context.check(texture.generation);
      });
      return convert(pixels, size, dtype);
    } finally {
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    }
  } finally {
    gl.deleteBuffer(buffer);
  }
}

/** Bit patterns of floats that no arithmetic makes. */
const MARKS = [0x7fc0dead, 0x7fc0beef];

/**
 * `length` floats from `read`, which may fail without a word: a browser may not know yet that the GPU is gone. A mark
 * that is still there tells; where it is the very value that was to be read, another mark is not.
 */
function receive(length: number, read: (into: Float32Array) => void): Float32Array {
  const pixels = new Float32Array(length);
  const bits = new Uint32Array(pixels.buffer);
  for (const mark of MARKS) {
    bits[length - 1] = mark;
    read(pixels);
    if (bits[length - 1] !== mark) return pixels;
  }
  throw new BackendError(
    'webgl: the GPU gave no values back: it was lost, or has no memory for a read of this size; make the tensors again from host data',
  );
}

/** Resolves when the GPU has done everything asked of it so far; rejects where the context is lost meanwhile. */
export function finished(context: Context, generation: number = context.generation): Promise<void> {
  const { gl } = context;
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (fence === null) return Promise.reject(lost());
  gl.flush();
  return new Promise((resolve, reject) => {
    // A message arrives in the next task, where a nested timeout waits 4 ms; but a long wait must not burn a core.
    const { port1, port2 } = new MessageChannel();
    let polls = 0;
    const settle = (error?: Error): void => {
      gl.deleteSync(fence);
      port1.close();
      if (error === undefined) resolve();
      else reject(error);
    };
    const poll = (): void => {
      const status = context.isLost(generation) ? gl.WAIT_FAILED : gl.clientWaitSync(fence, 0, 0);
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) settle();
      else if (status === gl.WAIT_FAILED) settle(lost());
      else if (polls++ < 64) port2.postMessage(null);
      else setTimeout(poll, 1);
    };
    port1.onmessage = poll;
    poll();
  });
}

function convert(pixels: Float32Array, size: number, dtype: DType): TypedArray {
  if (dtype === 'float32') return pixels.length === size ? pixels : pixels.slice(0, size);
  const data = allocate(dtype, size);
  data.set(pixels.subarray(0, size));
  return data;
}
