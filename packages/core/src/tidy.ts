import { ArgumentError } from './errors.ts';
import { describe } from './nested.ts';
import { ScopeFrame, withScope } from './scope.ts';
import { counters } from './storage.ts';
import { Tensor } from './tensor.ts';
import { tensorsIn } from './tree.ts';

/**
 * Runs `f` and disposes all tensors made inside, but those in its result and those that `keep` was called on. `f` must
 * be synchronous: use a `Scope` and `scope.run` between awaits.
 * @example
 * tidy(() => sum(mul([1, 2], [3, 4]))).print(); // 11
 */
export function tidy<T>(f: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T;
/** With tfjs's optional name in front, which is for people only. */
export function tidy<T>(name: string, f: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T;
export function tidy<T>(nameOrF: string | (() => T), maybeF?: () => T): T {
  const f = typeof nameOrF === 'string' ? maybeF : nameOrF;
  if (typeof f !== 'function') throw new ArgumentError('tidy: a function is needed');
  return withScope(() => {
    const result = f();
    if (result instanceof Promise) {
      // What it runs into later, with its tensors gone, follows from this error and is not to end the program.
      result.catch(() => undefined);
      throw new ArgumentError(
        'tidy: the function returned a promise; use `new Scope()` with scope.run() between awaits',
      );
    }
    return result;
  }, tensorsIn);
}

/**
 * Keeps scopes from disposing `x`; it lives until `dispose`.
 * @example
 * const inner: Tensor[] = [];
 * tidy(() => {
 *   inner.push(keep(tensor([1, 2])), tensor([3, 4]));
 * });
 * console.log(inner.map((x) => x.isDisposed)); // [false, true]
 */
export function keep<T extends Tensor>(x: T): T {
  if (!(x instanceof Tensor)) throw new ArgumentError(`keep: a tensor is needed, got ${describe(x)}`);
  x.kept = true;
  return x;
}

/**
 * Disposes all tensors found in `x`.
 * @example
 * const parts = { a: tensor([1]), b: [tensor([2])] };
 * dispose(parts);
 * console.log(parts.a.isDisposed, parts.b[0].isDisposed); // true true
 */
export function dispose(x: unknown): void {
  for (const tensor of tensorsIn(x)) tensor.dispose();
}

/** What core has handed out: handles, buffers and their bytes, in tfjs's names. */
export interface MemoryInfo {
  readonly numTensors: number;
  readonly numDataBuffers: number;
  readonly numBytes: number;
  /** Tensors that were forgotten rather than disposed are still counted, until the program ends. */
  readonly unreliable: boolean;
}

/**
 * Counts of what was made and not yet disposed, over all backends.
 * @example
 * const before = memory().numBytes;
 * const x = tensor([1, 2, 3], undefined, 'float32');
 * console.log(memory().numBytes - before); // 12
 */
export function memory(): MemoryInfo {
  return {
    numTensors: counters.tensors,
    numDataBuffers: counters.buffers,
    numBytes: counters.bytes,
    unreliable: false,
  };
}

/**
 * A block's tensors, disposed at its end: `using scope = new Scope()`. With `{ detached: true }` the scope is not
 * entered, and only what `run` makes belongs to it: the form for asynchronous code.
 */
export class Scope {
  private readonly frame: ScopeFrame = new ScopeFrame();
  private readonly results: Tensor[] = [];
  private readonly detached: boolean;
  private closed = false;

  constructor({ detached = false }: { detached?: boolean } = {}) {
    this.detached = detached;
    if (!detached) this.frame.enter();
  }

  /** Lets the tensors of a result out: the surrounding scope looks after them. */
  keep<T>(result: T): T {
    this.results.push(...tensorsIn(result));
    return result;
  }

  /** Runs the synchronous `f` inside this scope, between awaits. */
  run<R>(f: () => R): R {
    if (this.closed) throw new ArgumentError('Scope.run: the scope is closed');
    this.frame.enter();
    try {
      return f();
    } catch (error) {
      this.frame.abortInner();
      throw error;
    } finally {
      this.frame.leave();
    }
  }

  /** Disposes what was made inside. Throws `DisposedError` while an inner scope is open. */
  close(): void {
    if (this.closed) return;
    if (!this.detached) this.frame.leave();
    this.closed = true;
    this.frame.sweep(this.results);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
