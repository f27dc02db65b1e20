import {
  type Block,
  bytesPerElement,
  convertValues,
  type DType,
  type Output,
  type Shape,
  type Spec,
  sizeOf,
  type TypedArray,
} from '@wengert/core/functions';
import { collectedArray, type Heap, sharedHeap } from './heap.ts';

/** Smaller tensors are collected arrays: plain loops serve them, and a call into WebAssembly would cost more. */
const HEAP_FROM = 2 ** 10;
/** As long as nobody promises to free them, only larger ones are worth the bookkeeping. */
const UNSCOPED_FROM = 2 ** 14;
/** So many bytes may lie on the heap that nobody may ever free. */
const UNSCOPED_LIMIT = 2 ** 24;
/** What was needed on the heap so often was not forgotten, and stays there up to a limit of its own. */
const NEEDED_OFTEN = 16;
const NEEDED_LIMIT = 2 ** 29;

const counts = { blocks: 0, bytes: 0, unscoped: 0 };

interface Place {
  readonly heap: Heap;
  readonly address: number;
  readonly bytes: number;
}

/** So few elements are never worth a call of WebAssembly, nor a new array. */
export const TINY: number = 64;
/** So many freed storages wait at most to be used again. */
const MOST_SPARE = 2 ** 12;
/** Freed storages of tiny float32 tensors, by length: to make a new one costs more than what is computed in it. */
const spare: CpuStorage[][] = [];
let spares = 0;

/** Takes back what was forgotten on the heap. It comes late or never; the limits above do not rely on it. */
const forgotten = new FinalizationRegistry<Place>(({ heap, address, bytes }) => {
  counts.unscoped -= bytes;
  heap.free(address, bytes);
});

/**
 * The memory of one tensor: a block of the heap, or an array that the engine collects. The heap is fast, since its pages
 * are used again and again and kernels work on it, but it must be freed. Hence it has what is born in a scope, and no
 * more than a bounded amount of the rest, so that programs that free nothing run in bounded memory too.
 */
export class CpuStorage {
  readonly dtype: DType;
  readonly length: number;
  readonly bytes: number;
  /** What the graph of pending ops knows of it. */
  leaf: object | null = null;
  /** Where it lies on the heap; 0 for an array. */
  address = 0;
  private heap: Heap | null = null;
  private array: TypedArray | null = null;
  private scoped: boolean;
  private needed = 0;

  constructor(dtype: DType, length: number, scoped: boolean, array: TypedArray | null) {
    this.dtype = dtype;
    this.length = length;
    this.bytes = length * bytesPerElement(dtype);
    this.scoped = scoped;
    this.array = array;
    if (array === null && !this.settle()) this.array = collectedArray(dtype, length);
    this.count();
  }

  /** A tiny storage that waits to be used again; undefined where there is none. */
  static again(dtype: DType, length: number, scoped: boolean): CpuStorage | undefined {
    const storage = dtype === 'float32' ? spare[length]?.pop() : undefined;
    if (storage === undefined) return undefined;
    spares--;
    storage.scoped = scoped;
    storage.count();
    return storage;
  }

  /** The elements, until the heap grows: make outputs before you look at inputs. */
  get data(): TypedArray {
    const { array } = this;
    // A view of memory that has grown has no elements. Of arrays the length need not be asked, which is slow.
    if (array !== null && (this.address === 0 || array.length === this.length)) return array;
    const view = this.heap?.view(this.dtype, this.address, this.length);
    this.array = view ?? collectedArray(this.dtype, this.length);
    return this.array;
  }

  /** Moves an array to the heap if it belongs there. Returns its address. */
  settle(): number {
    if (this.address !== 0 || !this.belongs()) return this.address;
    const heap = sharedHeap();
    const address = heap === null ? 0 : heap.allocate(this.bytes);
    if (heap === null || address === 0) return 0;
    if (this.array !== null) heap.view(this.dtype, address, this.length).set(this.array);
    this.array = null;
    this.heap = heap;
    this.address = address;
    if (!this.scoped) this.watch();
    return address;
  }

  /** As `settle`, by a kernel that needs it there. */
  need(): number {
    this.needed++;
    return this.settle();
  }

  /** The tensor outlives its scope. */
  promote(): void {
    if (!this.scoped) return;
    this.scoped = false;
    if (this.address === 0) return;
    if (this.belongs()) this.watch();
    else {
      const array = this.data.slice();
      this.leave();
      this.array = array;
    }
  }

  /** Nobody holds it. */
  release(): void {
    counts.blocks--;
    counts.bytes -= this.bytes;
    this.leaf = null;
    if (this.address === 0) {
      if (this.length <= TINY && this.dtype === 'float32' && spares < MOST_SPARE) {
        spares++;
        spare[this.length] ??= [];
        spare[this.length].push(this);
      }
      return;
    }
    if (!this.scoped) {
      forgotten.unregister(this);
      counts.unscoped -= this.bytes;
    }
    this.leave();
  }

  private count(): void {
    counts.blocks++;
    counts.bytes += this.bytes;
  }

  private belongs(): boolean {
    if (this.scoped) return this.bytes >= HEAP_FROM;
    const limit = this.needed > NEEDED_OFTEN ? NEEDED_LIMIT : UNSCOPED_LIMIT;
    return this.bytes >= UNSCOPED_FROM && counts.unscoped + this.bytes <= limit;
  }

  private watch(): void {
    const { heap, address, bytes } = this;
    if (heap === null) return;
    counts.unscoped += bytes;
    forgotten.register(this, { heap, address, bytes }, this);
  }

  private leave(): void {
    this.heap?.free(this.address, this.bytes);
    this.heap = null;
    this.address = 0;
    this.array = null;
  }
}

/** The storage of a block. */
export function storageOf({ storage }: Block): CpuStorage {
  return storage as CpuStorage;
}

/** The elements of a block, until the heap grows. */
export function view(block: Block): TypedArray {
  return storageOf(block).data;
}

/** The same elements as a block of another shape. */
export function reshaped({ storage, dtype }: Block, shape: Shape): Block {
  return { storage, dtype, shape };
}

/** The storage of an output; its elements are unspecified unless zeros are asked for. */
export function make({ shape, dtype, scoped }: Output, content?: 'zeros'): CpuStorage {
  const length = sizeOf(shape);
  const storage = CpuStorage.again(dtype, length, scoped) ?? new CpuStorage(dtype, length, scoped, null);
  if (content === 'zeros' && (length <= TINY || storage.address !== 0)) storage.data.fill(0);
  return storage;
}

/** The storage of data that came from outside. */
export function adopt(data: TypedArray, { dtype }: Spec): CpuStorage {
  return new CpuStorage(dtype, data.length, false, data);
}

/** A scalar for good, which is not counted. */
export function constant(value: number, dtype: DType): CpuStorage {
  const storage = new CpuStorage(dtype, 1, false, convertValues([value], dtype));
  counts.blocks--;
  counts.bytes -= storage.bytes;
  return storage;
}

/** What is held, as far as core has told. */
export function held(): { blocks: number; bytes: number } {
  return { blocks: counts.blocks, bytes: counts.bytes };
}

/** Runs `f` on the elements of a block, which stay where they are meanwhile. */
export function lend<R>(block: Block, f: (view: TypedArray) => R): R {
  const heap = sharedHeap();
  return heap === null ? f(view(block)) : heap.pinned(() => f(view(block)));
}
