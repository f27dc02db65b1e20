import { allocate, type Block, type DType, type Shape, type Spec, sizeOf, type TypedArray } from '@wengert/core';

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
  const used = length * 4 >= RECYCLE_FROM && counts.idleBytes > 0 ? idle.get(dtype + length)?.pop() : undefined;
  if (used === undefined) return counted(allocate(dtype, length), true);
  counts.idleBytes -= used.byteLength;
  if (content === 'zeros') used.fill(0);
  return counted(used, true);
}

/** The storage of data that came from outside. */
export function adopt(data: TypedArray): CpuStorage {
  return counted(data, false);
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

function counted(data: TypedArray, recyclable: boolean): CpuStorage {
  counts.blocks++;
  counts.bytes += data.byteLength;
  return { data, recyclable };
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : 'bool';
}
