import type { Backend, Block, Spec, Storage } from './backend.ts';
import type { DType, DTypeArrays, TypedArray } from './dtype.ts';
import { ArgumentError, BackendError, DisposedError } from './errors.ts';
import { format } from './format.ts';
import { nest } from './nested.ts';
import { platform } from './platform.ts';
import type { ArrayMap, Dims, Rank } from './rank.ts';
import { currentScope, type Scoped } from './scope.ts';
import { type Shape, showShape, sizeOf, stridesOf } from './shape.ts';
import { blockOf, type Cell, counters } from './storage.ts';

/** The identity of what no tape ever follows. */
export const NOBODY = 0;

let lastId: number = NOBODY;

/** A fresh identity: two handles of the same value on a tape share one. */
export function nextId(): number {
  return ++lastId;
}

/**
 * A handle of an immutable n-dimensional array on a backend. Ops return handles at once and never consume their inputs;
 * only reads wait. `dispose` gives up this handle's claim; scopes, tapes and aliases hold claims of their own.
 * Types may tell the rank: `Tensor<Rank.R2>`, or `Tensor2D`. Without it the rank is unknown.
 */
export class Tensor<R extends Rank = Rank> implements Block, Scoped {
  /** The identity by which tapes know the value. @internal */
  id: number;
  readonly shape: Dims<R>;
  readonly dtype: DType;
  /** @internal */
  cell: Cell | null;
  /** Set by `keep`. @internal */
  kept = false;
  /** The next op is this handle's last use: set by core just before it disposes the handle. @internal */
  donated = false;

  /** Handles come from `makeTensor`, which counts them and tells the scope; this makes a bare one. @internal */
  constructor(shape: Shape, dtype: DType, cell: Cell | null, id: number) {
    this.id = id;
    this.shape = shape as Dims<R>;
    this.dtype = dtype;
    this.cell = cell;
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** tfjs's name for a tensor's rank as a string: '0', '1', ... */
  get rankType(): R {
    return String(this.shape.length) as R;
  }

  /** The backend that holds the values. Throws `DisposedError`. */
  get backend(): Backend {
    return this.live('backend').backend;
  }

  get isDisposed(): boolean {
    return this.cell === null;
  }

  /** Whether a tape watches this on its own: true for trainable variables only. */
  get trainable(): boolean {
    return false;
  }

  /** The backend's memory of this tensor. Throws `DisposedError`. */
  get storage(): Storage {
    return this.live('storage').storage;
  }

  /** Whether a kernel may write its result into the storage. */
  get exclusive(): boolean {
    return this.donated && this.cell?.exclusive === true;
  }

  /** @internal */
  live(action: string): Cell {
    if (this.cell === null) {
      throw new DisposedError(
        `${action}: this ${this.dtype} tensor of shape ${showShape(this.shape)} is disposed; use keep(), return it from tidy(), or read it before`,
      );
    }
    return this.cell;
  }

  /** The handle that a tape stores: itself, but for variables, whose value may change later. @internal */
  frozen(): Tensor<R> {
    return this;
  }

  /** The values in row-major order, as a copy that the caller owns. */
  async data<D extends DType = DType>(): Promise<DTypeArrays[D]>;
  async data(): Promise<TypedArray> {
    const cell = this.live('data').retain();
    try {
      return await cell.backend.read(blockOf(cell, this));
    } finally {
      cell.release();
    }
  }

  /** As `data`, at once. Throws `BackendError` on a backend that can only be read asynchronously. */
  dataSync<D extends DType = DType>(): DTypeArrays[D];
  dataSync(): TypedArray {
    const { backend, block } = this.readable('dataSync');
    if (backend.readSync === undefined) throw asyncOnly('dataSync', backend, 'await x.data()');
    return backend.readSync(block);
  }

  /** Lends the values to `f`, without a copy where the backend can; `f` must neither change nor keep the view. */
  borrow<V>(f: (view: TypedArray) => V): V {
    const { backend, block } = this.readable('borrow');
    return backend.borrowSync === undefined ? f(this.dataSync()) : backend.borrowSync(block, f);
  }

  /** The values as nested arrays of numbers; as in tfjs, bools are 0 or 1. */
  async array(): Promise<ArrayMap[R]> {
    return nest(await this.data(), this.shape) as ArrayMap[R];
  }

  /** As `array`, at once. */
  arraySync(): ArrayMap[R] {
    return nest(this.dataSync(), this.shape) as ArrayMap[R];
  }

  /** The value of a tensor of one element. Throws `ArgumentError` where it has more or none. */
  item(): number {
    if (this.size !== 1) {
      throw new ArgumentError(`item: a tensor of one element is needed, this has shape ${showShape(this.shape)}`);
    }
    return this.dataSync()[0];
  }

  /** Gives up this handle. The values stay as long as a tape, an alias or a pending read holds them. */
  dispose(): void {
    if (this.cell === null) return;
    const cell = this.cell;
    this.cell = null;
    counters.tensors--;
    cell.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  outlive(): void {
    this.cell?.promote();
  }

  /** @internal */
  abandon(): void {
    const cell = this.cell;
    this.dispose();
    cell?.promote();
  }

  /** Dtype, shape and values for people, shortened in the middle of long axes. */
  toString(verbose = false): string {
    const head = verbose ? `Tensor ${this.dtype} ${showShape(this.shape)}` : 'Tensor';
    if (this.cell === null) return `${head} (disposed)`;
    if (this.cell.backend.readSync === undefined) return `${head} on '${this.cell.backend.name}'`;
    return `${head}\n${format(this.dataSync(), this.shape, this.dtype)}`;
  }

  /** The elements between neighbours along each axis but the last, as tfjs gives them. */
  get strides(): number[] {
    return stridesOf(this.shape).slice(0, -1);
  }

  /** Throws `DisposedError` if this is disposed. */
  throwIfDisposed(): void {
    this.live('throwIfDisposed');
  }

  /** Writes `toString` to the console. */
  print(verbose = false): void {
    platform.console.log(this.toString(verbose));
  }

  private readable(action: string): { backend: Backend; block: Block } {
    const cell = this.live(action);
    return { backend: cell.backend, block: blockOf(cell, this) };
  }
}

function asyncOnly(action: string, backend: Backend, instead: string): BackendError {
  return new BackendError(`${action}: backend '${backend.name}' can only be read asynchronously; use ${instead}`);
}

/** A counted handle over `cell`, whose reference it takes over, known to the innermost scope. */
export function makeTensor<R extends Rank = Rank>(spec: Spec, cell: Cell, id: number = nextId()): Tensor<R> {
  const tensor = new Tensor<R>(spec.shape, spec.dtype, cell, id);
  counters.tensors++;
  currentScope()?.track(tensor);
  return tensor;
}

/** A second handle of the same value: same identity, own claim. */
export function handleOf(tensor: Tensor): Tensor {
  return makeTensor(tensor, tensor.live('alias').retain(), tensor.id);
}
