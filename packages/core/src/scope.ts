import { DisposedError } from './errors.ts';

/** What a scope looks after: a handle that can be disposed, or told that it outlives the scope. */
export interface Scoped {
  readonly isDisposed: boolean;
  /** `keep` was called: scopes leave the handle alone. */
  readonly kept: boolean;
  /** The handle left the outermost scope. */
  outlive(): void;
  /** The scope ends: dispose the handle. Something else may go on holding its storage. */
  abandon(): void;
}

const open: ScopeFrame[] = [];
/** The last of them, which every new tensor asks for. */
let innermost: ScopeFrame | undefined;
let userScopes = 0;

/** One level of the stack of scopes: the handles made while it was the innermost. */
export class ScopeFrame {
  private handles: Scoped[] = [];
  private readonly transparent: boolean;

  /** A transparent frame only catches temporaries: what comes out of it was not born in a scope. */
  constructor(transparent = false) {
    this.transparent = transparent;
  }

  track(handle: Scoped): void {
    this.handles.push(handle);
  }

  enter(): void {
    open.push(this);
    innermost = this;
    if (!this.transparent) userScopes++;
  }

  /** Leaves the frame, which must be the innermost. */
  leave(): void {
    if (innermost !== this) {
      throw new DisposedError(
        'Scope: closed out of order; close inner scopes first, and use scope.run(f) in asynchronous code',
      );
    }
    open.pop();
    innermost = open.at(-1);
    if (!this.transparent) userScopes--;
  }

  /** Leaves the frame after an exception, and with it those inside that the exception left open. */
  unwind(): void {
    for (let inner = innermost; inner !== this && inner !== undefined; inner = innermost) {
      inner.leave();
      inner.sweep(NOTHING);
    }
    this.leave();
  }

  /** Disposes all handles of this frame but `survivors`, which go to the next scope outwards. */
  sweep(survivors: readonly Scoped[]): void {
    const handles = this.handles;
    this.handles = [];
    const outer = innermost;
    // Nearly all scopes let out one or two handles, for which a set would cost more than it saves.
    const many = survivors.length > 8 ? new Set(survivors) : null;
    for (const handle of handles) {
      if (!handle.kept && !(many === null ? survivors.includes(handle) : many.has(handle))) handle.abandon();
      else if (outer !== undefined && !handle.kept) outer.track(handle);
      else handle.outlive();
    }
  }
}

const NOTHING: readonly Scoped[] = [];

/** The innermost open scope. */
export function currentScope(): ScopeFrame | undefined {
  return innermost;
}

/** Whether what is made now will probably be freed soon, by a scope that somebody opened on purpose. */
export function insideScope(): boolean {
  return userScopes > 0;
}

/** Runs `f` in a scope of its own and disposes everything made inside but the handles that `survivors` names. */
export function withScope<R>(f: () => R, survivors: (result: R) => readonly Scoped[], transparent = false): R {
  const frame = new ScopeFrame(transparent);
  frame.enter();
  let result: R;
  let kept: readonly Scoped[];
  try {
    result = f();
    kept = survivors(result);
    frame.leave();
  } catch (error) {
    if (open.includes(frame)) frame.unwind();
    frame.sweep(NOTHING);
    throw error;
  }
  frame.sweep(kept);
  return result;
}

/**
 * How many scopes are open; for tests of cleanliness.
 * @example
 * console.log(openScopes(), tidy(() => openScopes())); // 0 1
 */
export function openScopes(): number {
  return open.length;
}
