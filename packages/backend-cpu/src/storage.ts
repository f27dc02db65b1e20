import { type Block, type DType, type Shape, type Spec, sizeOf, type TypedArray } from '@wengert/core';

/** The memory of one tensor. Kernels reach it through `view` and `make` only, so that it can move elsewhere. */
export interface CpuStorage {
  readonly data: TypedArray;
  /** Made here, hence seen by nobody else and fit to be used again once it is free. */
  readonly recyclable: boolean;
}

/** Below this many bytes a fresh array costs less than looking for a used one. */
const RECYCLE_FROM = 2 ** 14;
/** At most this many bytes wait to be used again. */
const IDLE_LIMIT = 2 ** 27;

/** Large freed arrays, by dtype and length: touching a fresh one takes longer than most kernels do. */
const idle = new Map<string, TypedArray[]>();
const counts = { idleBytes: 0, blocks: 0, bytes: 0 };

/** The elements of a block. */
export function view({ storage }: Block): TypedArray {
  return (storage as CpuStorage).data;
}

/** The same elements as a block of another shape. */
export function reshaped({ storage, dtype }: Block, shape: Shape): Block {
  return { storage, dtype, shape };
}

/** The storage of an output and its elements; they are unspecified unless zeros are asked for. */
export function make({ shape, dtype }: Spec, content?: 'zeros'): CpuStorage {
  const length = sizeOf(shape);
  const size = length * bytesPer(dtype);
  if (size >= RECYCLE_FROM && counts.idleBytes > 0) {
    const used = idle.get(dtype + length)?.pop();
    if (used !== undefined) {
      counts.idleBytes -= size;
      if (content === 'zeros') used.fill(0);
      return counted(used, size, true);
    }
  }
  return counted(fresh(dtype, length), size, true);
}

/** Each constructor at a place of its own, which makes small tensors twice as fast as one place for all four. */
function fresh(dtype: DType, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length);
  if (dtype === 'float64') return new Float64Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}

function bytesPer(dtype: DType): number {
  return dtype === 'bool' ? 1 : dtype === 'float64' ? 8 : 4;
}

/** The storage of data that came from outside. */
export function adopt(data: TypedArray): CpuStorage {
  return counted(data, data.byteLength, false);
}

/** Takes note that nobody holds `storage`. */
export function release({ data, recyclable }: CpuStorage): void {
  counts.blocks--;
  counts.bytes -= data.byteLength;
  if (!recyclable || data.byteLength < RECYCLE_FROM || counts.idleBytes + data.byteLength > IDLE_LIMIT) return;
  const key = dtypeOf(data) + data.length;
  const waiting = idle.get(key);
  if (waiting === undefined) idle.set(key, [data]);
  else waiting.push(data);
  counts.idleBytes += data.byteLength;
}

/** What is held, as far as core has told. */
export function held(): { blocks: number; bytes: number } {
  return { blocks: counts.blocks, bytes: counts.bytes };
}

function counted(data: TypedArray, size: number, recyclable: boolean): CpuStorage {
  counts.blocks++;
  counts.bytes += size;
  return { data, recyclable };
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : 'bool';
}
