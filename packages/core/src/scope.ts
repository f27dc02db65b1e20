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

/** What the open scopes look after: the handles of the outermost first, those of each from its start on. */
const handles: Scoped[] = [];
const open: ScopeFrame[] = [];
const starts: number[] = [];
/** The last of the open ones, which every new tensor asks for. */
let innermost: ScopeFrame | undefined;
let userScopes = 0;

/** One level of the stack of scopes: the handles made while it was the innermost. */
export class ScopeFrame {
  /** What was made before the frame was left, while it waits to be swept. */
  private made: Scoped[] = [];
  private readonly transparent: boolean;

  /** A transparent frame only catches temporaries: what comes out of it was not born in a scope. */
  constructor(transparent = false) {
    this.transparent = transparent;
  }

  /** Looks after a handle, as the innermost frame. */
  track(handle: Scoped): void {
    handles.push(handle);
  }

  enter(): void {
    open.push(this);
    starts.push(handles.length);
    innermost = this;
    if (!this.transparent) userScopes++;
  }

  /** Leaves the frame, which must be the innermost, for a while or to be swept. */
  leave(): void {
    this.made = this.made.concat(handles.splice(this.close()));
  }

  /** Leaves the frame and sweeps it at once. */
  end(survivors: readonly (Scoped | null)[]): void {
    settle(this.close(), survivors);
  }

  /** After an exception: ends the frames inside that it left open, with all their handles. */
  abortInner(): void {
    while (innermost !== this && open.includes(this)) innermost?.drop();
  }

  /** As `abortInner`, with the frame itself. */
  abort(): void {
    this.abortInner();
    if (innermost === this) this.drop();
  }

  private drop(): void {
    this.leave();
    this.sweep(NOTHING);
  }

  /** Disposes all handles of this frame but `survivors`, which go to the next scope outwards. */
  sweep(survivors: readonly (Scoped | null)[]): void {
    const start = handles.length;
    for (const handle of this.made) handles.push(handle);
    this.made = [];
    settle(start, survivors);
  }

  /** Takes the frame off the stack. Returns where its handles start. */
  private close(): number {
    if (innermost !== this) {
      throw new DisposedError(
        'Scope: closed out of order; close inner scopes first, and use scope.run(f) in asynchronous code',
      );
    }
    open.pop();
    innermost = open.length === 0 ? undefined : open[open.length - 1];
    if (!this.transparent) userScopes--;
    return starts.pop() ?? 0;
  }
}

/** How many handles the open scopes look after: those made later can be settled by themselves. */
export function scopedHandles(): number {
  return handles.length;
}

/** Whether the open scopes look after a handle that was made when they had `start`, or later. */
export function isScopedSince(start: number, handle: Scoped): boolean {
  for (let i = handles.length - 1; i >= start; i--) if (handles[i] === handle) return true;
  return false;
}

/** Disposes the handles from `start` on. Survivors stay where they are, which makes them the innermost scope's. */
export function settle(start: number, survivors: readonly (Scoped | null)[]): void {
  // Nearly all scopes let out one or two handles, for which a set would cost more than it saves.
  const many = survivors.length > 8 ? new Set(survivors) : null;
  const end = handles.length;
  let next = start;
  for (let i = start; i < end; i++) {
    const handle = handles[i];
    if (!handle.kept && !(many === null ? isAmong(survivors, handle) : many.has(handle))) handle.abandon();
    else if (innermost !== undefined && !handle.kept) handles[next++] = handle;
    else handle.outlive();
  }
  while (handles.length > next) handles.pop();
}

/** As `includes`, faster for short lists. */
export function isAmong(list: readonly (Scoped | null)[], handle: Scoped): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === handle) return true;
  return false;
}

const NOTHING: readonly null[] = [];

/** The innermost open scope. */
export function currentScope(): ScopeFrame | undefined {
  return innermost;
}

/** Whether what is made now will probably be freed soon, by a scope that somebody opened on purpose. */
export function insideScope(): boolean {
  return userScopes > 0;
}

/** Runs `f` in a scope of its own and disposes everything made inside but the handles that `survivors` names. */
export function withScope<R>(f: () => R, survivors: (result: R) => readonly (Scoped | null)[], transparent = false): R {
  const frame = new ScopeFrame(transparent);
  frame.enter();
  let result: R;
  try {
    result = f();
    frame.end(survivors(result));
  } catch (error) {
    frame.abort();
    throw error;
  }
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
