import type { Op, Rule } from './op/op.ts';
import { platform } from './platform.ts';
import type { Tensor } from './tensor.ts';

/** Something that follows computations: a tape, or an accumulator of tangents. */
export interface Recorder {
  /** Whether a derivative may pass through this input, as far as the recorder knows. */
  tracks(input: Tensor): boolean;
  /** Wants to see composites as the ops that they are made of. */
  readonly opensComposites: boolean;
  record(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void;
}

const NONE: readonly Recorder[] = [];

// Open recorders are held weakly, so that one which an exception left open does not record for ever. Dereferencing for
// every op would cost more than the op: the strong list is kept for the rest of the microtask only.
const open: WeakRef<Link>[] = [];

/**
 * What the weak references point to. An engine keeps each target until the running job ends, so that a synchronous loop
 * would pile up all its tapes: closing a recorder empties its link, which is all that stays.
 */
interface Link {
  recorder: Recorder | null;
}
const links = new WeakMap<Recorder, Link>();

let strong: readonly Recorder[] | null = NONE;
let restricted: Recorder[] | null = null;

/** The recorders that see the next op, outermost first. */
export function activeRecorders(): readonly Recorder[] {
  return restricted ?? strong ?? refresh();
}

function refresh(): readonly Recorder[] {
  const alive: Recorder[] = [];
  for (let i = 0; i < open.length; ) {
    const recorder = open[i].deref()?.recorder;
    if (!recorder) {
      open.splice(i, 1);
    } else {
      alive.push(recorder);
      i++;
    }
  }
  strong = alive.length === 0 ? NONE : alive;
  if (alive.length > 0) platform.queueMicrotask(forget);
  return strong;
}

function forget(): void {
  if (open.length > 0) strong = null;
}

/** Begins to show ops to `recorder`, inside all that are open. */
export function openRecorder(recorder: Recorder): void {
  const link: Link = { recorder };
  links.set(recorder, link);
  open.push(new WeakRef(link));
  strong = null;
  restricted?.push(recorder);
}

/** Stops showing ops to `recorder`, wherever it stands in the stack. */
export function closeRecorder(recorder: Recorder): void {
  const link = links.get(recorder);
  if (link !== undefined) {
    open.splice(
      open.findIndex((ref) => ref.deref() === link),
      1,
    );
    links.delete(recorder);
    link.recorder = null;
  }
  strong = open.length === 0 ? NONE : null;
  if (restricted !== null) restricted = restricted.filter((other) => other !== recorder);
}

/**
 * How many recorders are open; for tests of cleanliness.
 * @example
 * const tape = new GradientTape();
 * console.log(openRecorders()); // 1
 * tape.close();
 * console.log(openRecorders()); // 0
 */
export function openRecorders(): number {
  return refresh().length;
}

/** Runs the synchronous `f` with only `recorders`, and those opened inside, watching. */
export function recordingOnly<R>(recorders: readonly Recorder[], f: () => R): R {
  const before = restricted;
  restricted = [...recorders];
  try {
    return f();
  } finally {
    restricted = before;
  }
}

/** Runs the synchronous `f` unseen by the recorders open now. */
export function unrecorded<R>(f: () => R): R {
  return recordingOnly(NONE, f);
}
