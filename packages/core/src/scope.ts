import { DisposedError } from './errors.ts';

/** What a scope looks after: a handle that can be disposed, or told that it outlives the scope. */
export interface Scoped {
  readonly isDisposed: boolean;
  /** `keep` was called: scopes leave the handle alone. */
  readonly kept: boolean;
  dispose(): void;
  /** The handle left the outermost scope, or something else holds its storage. */
  outlive(): void;
}

const open: ScopeFrame[] = [];

/** One level of the stack of scopes: the handles made while it was the innermost. */
export class ScopeFrame {
  private handles: Scoped[] = [];

  track(handle: Scoped): void {
    this.handles.push(handle);
  }

  enter(): void {
    open.push(this);
  }

  /** Leaves the frame, which must be the innermost. */
  leave(): void {
    if (open[open.length - 1] !== this) {
      throw new DisposedError(
        'Scope: closed out of order; close inner scopes first, and use scope.run(f) in asynchronous code',
      );
    }
    open.pop();
  }

  /** Disposes all handles of this frame but `kept` ones, which go to the next scope outwards. */
  sweep(kept: ReadonlySet<Scoped>): void {
    const handles = this.handles;
    this.handles = [];
    const outer = open[open.length - 1];
    for (const handle of handles) {
      if (handle.kept || kept.has(handle)) {
        if (outer !== undefined && !handle.kept) outer.track(handle);
        else handle.outlive();
      } else {
        handle.outlive();
        handle.dispose();
      }
    }
  }
}

/** The innermost open scope. */
export function currentScope(): ScopeFrame | undefined {
  return open[open.length - 1];
}

/** Runs `f` in a scope of its own and disposes everything made inside but the handles that `survivors` names. */
export function withScope<R>(f: () => R, survivors: (result: R) => Iterable<Scoped>): R {
  const frame = new ScopeFrame();
  let kept: ReadonlySet<Scoped> = new Set();
  frame.enter();
  try {
    const result = f();
    kept = new Set(survivors(result));
    return result;
  } finally {
    frame.leave();
    frame.sweep(kept);
  }
}

/** How many scopes are open; for tests of cleanliness. */
export function openScopes(): number {
  return open.length;
}
