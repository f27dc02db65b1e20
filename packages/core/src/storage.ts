import type { Backend, Block, Spec, Storage } from './backend.ts';
import { bytesPerElement } from './dtype.ts';
import { sizeOf } from './shape.ts';

/** What core has handed out and not seen released. Counters only: a forgotten tensor stays collectable. */
export const counters = { tensors: 0, buffers: 0, bytes: 0 };

/** A backend's storage with its reference count; freed when nobody holds it any more. */
export class Cell {
  readonly backend: Backend;
  readonly storage: Storage;
  private readonly bytes: number;
  private scoped: boolean;
  private refs = 1;
  private moved = false;

  constructor(backend: Backend, storage: Storage, spec: Spec, scoped: boolean) {
    this.backend = backend;
    this.storage = storage;
    this.bytes = sizeOf(spec.shape) * bytesPerElement(spec.dtype);
    this.scoped = scoped;
    counters.buffers++;
    counters.bytes += this.bytes;
  }

  /** The cell of a constant: its first claim is never given up, and it is not counted. */
  static constant(backend: Backend, storage: Storage): Cell {
    const cell = new Cell(backend, storage, { shape: [0], dtype: 'float32' }, false);
    counters.buffers--;
    return cell;
  }

  /** Whether exactly one holder is left, so that the storage may be reused when that one gives it up. */
  get exclusive(): boolean {
    return this.refs === 1;
  }

  retain(): this {
    this.refs++;
    return this;
  }

  /** As `retain`, by a tape that will read the values again. */
  claim(): this {
    this.backend.retain?.(this.storage);
    return this.retain();
  }

  release(): void {
    if (--this.refs > 0) return;
    counters.buffers--;
    counters.bytes -= this.bytes;
    if (!this.moved) this.backend.free(this.storage);
  }

  /** A kernel wrote its result into this storage and took it over: it is not to be freed here. */
  giveUp(): void {
    this.moved = true;
  }

  /** Tells the backend, once, that the storage outlives the scope in which it was born. */
  promote(): void {
    if (!this.scoped || this.refs === 0) return;
    this.scoped = false;
    this.backend.promote?.(this.storage);
  }
}

/** The view of one tensor that a backend is given. */
export function blockOf(cell: Cell, spec: Spec, exclusive = false): Block {
  return { storage: cell.storage, shape: spec.shape, dtype: spec.dtype, exclusive };
}
