import type { DType, TypedArray } from './dtype.ts';
import type { Shape } from './shape.ts';

/** What a tensor is before it has values. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A backend's own memory of one tensor: opaque to core, perhaps still pending. */
export type Storage = object;

/** An input of a kernel: contiguous, row-major. */
export interface Block extends Spec {
  readonly storage: Storage;
  /** Nobody else holds the storage and it ends with this call: a kernel may write into it and return it. */
  readonly exclusive?: boolean;
}

/** An output that a kernel has to make. */
export interface Output extends Spec {
  /** The tensor is born inside a scope and will probably be freed soon; `Backend.promote` says when it is not. */
  readonly scoped: boolean;
}

/**
 * Computes an op: reads `inputs`, never changes them, and returns one new storage per output. Shapes, axes and dtypes
 * are checked, normalised and inferred by core. A kernel that cannot serve this case returns null before it has done
 * anything, and core goes on to the decomposition or the fallback.
 */
export type Kernel<A = unknown> = (
  inputs: readonly Block[],
  attrs: A,
  outputs: readonly Output[],
) => readonly Storage[] | null;

/**
 * A device: it stores blocks and runs kernels. Shapes, lifetimes and differentiation are core's business. What a
 * backend can do is told by presence: a kernel in the map, a dtype in the set, an optional method.
 */
export interface Backend {
  readonly name: string;
  /** The dtypes that are stored without narrowing; the first floating one is the backend's default float. */
  readonly dtypes: ReadonlySet<DType>;
  /** By the names of ops; does not change, as each op remembers what it found here. */
  readonly kernels: ReadonlyMap<string, Kernel>;

  /** Takes over host data. Only a backend without `readSync` is given a promise; its storage is then pending. */
  write(data: TypedArray | Promise<TypedArray>, spec: Spec): Storage;

  /** A copy of the values, which the caller owns. What failed earlier in pending work rejects here. */
  read(block: Block): Promise<TypedArray>;

  /** Core holds this storage no longer. */
  free(storage: Storage): void;

  /** The backend that computes the ops for which this one has neither kernel nor decomposition. */
  readonly fallback?: Backend;

  /** As `read`, at once. Absent on devices that can only be read asynchronously. */
  readSync?(block: Block): TypedArray;

  /** Lends the memory itself, read-only, for the length of the callback. */
  borrowSync?<R>(block: Block, f: (view: TypedArray) => R): R;

  /** Room for an output of an op that core computes itself, in memory that `borrowSync` lends: there it is filled. */
  make?(output: Output): Storage;

  /** Resolves when all queued work is done. */
  flush?(): Promise<void>;

  memory?(): { blocks: number; bytes: number };

  /** The tensor of this storage, born in a scope, outlives it. */
  promote?(storage: Storage): void;

  /** A tape keeps this storage for its pullbacks: values that are still pending will be read again. */
  retain?(storage: Storage): void;

  /**
   * A scalar that need not be freed, is not counted, and cannot be lost: core keeps some numbers and uses them again
   * instead of writing them for every op.
   */
  constant?(value: number, dtype: DType): Storage;
}
