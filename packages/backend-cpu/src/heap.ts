import { allocate as allocateArray, type DType, type TypedArray } from '@wengert/core/functions';

/** Kernels may read and write so much beyond the end of a block: whole vectors, whatever the length. */
const SLACK = 64;
const PAGE = 2 ** 16;
const MAX_PAGES = 2 ** 16;
/** Memory grows by at least this many pages: growing detaches all views. */
const STEP_PAGES = 2 ** 8;
/** Larger blocks are not served. */
const LARGEST = 2 ** 30;

interface Hole {
  start: number;
  end: number;
}

/** The number of the size class: four to each doubling, so that at most a fifth of a block is wasted. */
function classOf(bytes: number): number {
  const last = Math.max(bytes, 1) - 1;
  const shift = Math.max(4, 29 - Math.clz32(last));
  return shift * 8 + (last >>> shift);
}

/** How much a block of a class takes. */
function extentOf(number: number): number {
  return (((number & 7) + 1) << (number >>> 3)) + SLACK;
}

/**
 * A WebAssembly memory and who has which part of it. Freed blocks wait by size class to be used again; before the memory
 * grows, neighbours among them are joined. An address of 0 means that there is no room.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly #waiting: number[][] = [];
  #holes: Hole[] = [];
  #top: number = SLACK;
  #size: number = STEP_PAGES * PAGE;
  #lent = 0;
  #blocks = 0;

  constructor(shared = false) {
    this.memory = new WebAssembly.Memory({ initial: STEP_PAGES, maximum: MAX_PAGES, shared });
  }

  /** Whether threads can work on it. */
  get shared(): boolean {
    return !(this.memory.buffer instanceof ArrayBuffer);
  }

  /** Whether somebody has a block of it. */
  get used(): boolean {
    return this.#blocks > 0;
  }

  /** Room for so many bytes; what is in it is unspecified. */
  allocate(bytes: number): number {
    if (bytes > LARGEST) return 0;
    const number = classOf(bytes);
    const list = this.#waiting[number];
    let address = list !== undefined && list.length > 0 ? (list.pop() ?? 0) : 0;
    if (address === 0) {
      const extent = extentOf(number);
      address = this.#cut(extent) || this.#raise(extent);
    }
    if (address !== 0) this.#blocks++;
    return address;
  }

  /** Gives back what was allocated for so many bytes. */
  free(address: number, bytes: number): void {
    this.#blocks--;
    const number = classOf(bytes);
    const list = this.#waiting[number];
    if (list === undefined) this.#waiting[number] = [address];
    else list.push(address);
  }

  /** A view of part of the memory, until it grows. */
  view(dtype: DType, address: number, length: number): TypedArray {
    const { buffer } = this.memory;
    if (dtype === 'float32') return new Float32Array(buffer, address, length);
    if (dtype === 'float64') return new Float64Array(buffer, address, length);
    return dtype === 'int32' ? new Int32Array(buffer, address, length) : new Uint8Array(buffer, address, length);
  }

  /** Runs `f`, during which views stay valid: where there is no room without growing there is none. */
  pinned<R>(f: () => R): R {
    this.#lent++;
    try {
      return f();
    } finally {
      this.#lent--;
    }
  }

  /** Takes the start of the first hole that is large enough. */
  #cut(extent: number): number {
    const hole = this.#holes.find(({ start, end }) => end - start >= extent);
    if (hole === undefined) return 0;
    const { start } = hole;
    hole.start += extent;
    return start;
  }

  /** Takes what was never used, or joins what waits, or grows. */
  #raise(extent: number): number {
    if (this.#top + extent > this.#size) {
      this.#join();
      const address = this.#cut(extent);
      if (address !== 0) return address;
      if (this.#top + extent > this.#size && !this.#grow(this.#top + extent - this.#size)) return 0;
    }
    const address = this.#top;
    this.#top += extent;
    return address;
  }

  #grow(bytes: number): boolean {
    if (this.#lent > 0) return false;
    const needed = Math.ceil(bytes / PAGE);
    for (const pages of [Math.max(needed, STEP_PAGES, Math.floor(this.#size / PAGE / 4)), needed]) {
      try {
        this.memory.grow(pages);
        this.#size += pages * PAGE;
        return true;
      } catch {
        // Too much at once, or the end of it.
      }
    }
    return false;
  }

  /** Makes holes of all blocks that wait, as large as possible. */
  #join(): void {
    const free = this.#holes.filter(({ start, end }) => start < end);
    for (const [number, list] of this.#waiting.entries()) {
      for (const start of list ?? []) free.push({ start, end: start + extentOf(number) });
      if (list !== undefined) list.length = 0;
    }
    free.sort((a, b) => a.start - b.start);
    this.#holes = [];
    for (const next of free) {
      const last = this.#holes[this.#holes.length - 1];
      if (last !== undefined && last.end === next.start) last.end = next.end;
      else this.#holes.push(next);
    }
    const last = this.#holes[this.#holes.length - 1];
    if (last !== undefined && last.end === this.#top) this.#top = this.#holes.pop()?.start ?? this.#top;
  }
}

let only: Heap | null | undefined;

/** The heap that all backends of this package share; null where there is no WebAssembly. */
export function sharedHeap(): Heap | null {
  if (only === undefined) {
    try {
      only = new Heap();
    } catch {
      only = null;
    }
  }
  return only;
}

/** Makes the heap one on which threads can work. Returns why it cannot be, or null. */
export function shareHeap(): string | null {
  if (typeof SharedArrayBuffer === 'undefined')
    return 'memory can be shared only in pages that are cross-origin isolated';
  if (only?.shared) return null;
  if (only?.used) return 'tensors lie in a memory that cannot be shared; make the backend with threads before them';
  try {
    only = new Heap(true);
    return null;
  } catch {
    return 'this engine gives no WebAssembly memory that can be shared';
  }
}

/** An array of the engine's own, which its garbage collector looks after. */
export function collectedArray(dtype: DType, length: number): TypedArray {
  // Each constructor at a place of its own makes small tensors twice as fast as one place for all four.
  if (dtype === 'float32') return new Float32Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  return allocateArray(dtype, length);
}
