import { backward } from './backward.ts';
import { checkCotangents } from './cotangents.ts';
import { onesOf } from './create/fill.ts';
import { zerosOf } from './create/host.ts';
import { isFloating } from './dtype.ts';
import { ArgumentError, DTypeError, GradientError, ShapeError } from './errors.ts';
import { jacobianSpec, stackRows, unitRows } from './jacobianRows.ts';
import { describe } from './nested.ts';
import type { Op, Rule } from './op/op.ts';
import { add } from './ops/pointwise.ts';
import { platform } from './platform.ts';
import { closeRecorder, openRecorder, type Recorder } from './recorder.ts';
import { withScope } from './scope.ts';
import { showShape } from './shape.ts';
import { handleOf, Tensor } from './tensor.ts';
import { leavesOf, type MapTree, rebuild, type Tree, tensorsIn } from './tree.ts';
import { Variable } from './variable.ts';
import { WengertList } from './wengertList.ts';

/** Options of `GradientTape`. */
export interface TapeOptions {
  /** Allows more than one gradient, until the tape is disposed. */
  readonly persistent?: boolean;
  /** Watches trainable variables when they are read. Default: true. */
  readonly watchAccessedVariables?: boolean;
}

/** What stands for the gradient with respect to a source that the target does not depend on. */
export type Unconnected = 'none' | 'zero';

/** Options of `GradientTape.gradient`. */
export interface GradientOptions<U extends Unconnected = Unconnected> {
  /** Cotangents of the targets, in their structure. Default: ones. */
  readonly outputGradients?: Tree;
  /** 'none' gives null, 'zero' gives zeros of the source's shape. Default: 'none'. */
  readonly unconnectedGradients?: U;
}

/** The structure of the sources with a gradient for each. */
export type Gradients<S, U extends Unconnected> = MapTree<S, U extends 'zero' ? Tensor : Tensor | null>;

const warned = { integers: 0, inside: false };

/**
 * Records ops on watched tensors, from its construction until `close`, so that gradients can be taken. Behaves as
 * TensorFlow 2's GradientTape; `close()` is the end of its `with` block and `[Symbol.dispose]()` its `del`.
 * @example
 * const x = scalar(3);
 * using tape = new GradientTape();
 * tape.watch(x);
 * const y = mul(x, x);
 * tape.gradient(y, x)?.print(); // 6
 */
export class GradientTape implements Recorder {
  readonly opensComposites = false;
  private readonly persistent: boolean;
  private readonly watchAccessed: boolean;
  private readonly list: WengertList = new WengertList();
  private readonly variables: Map<Variable, Set<number>> = new Map();
  private recording = false;
  private paused = false;
  private spent = false;

  constructor({ persistent = false, watchAccessedVariables = true }: TapeOptions = {}) {
    this.persistent = persistent;
    this.watchAccessed = watchAccessedVariables;
    this.open();
  }

  /** Runs `f` with a tape that is disposed afterwards, whatever happens; `f` may be asynchronous. */
  static use<R>(f: (tape: GradientTape) => R, options: TapeOptions = {}): R {
    const tape = new GradientTape(options);
    let pending = false;
    try {
      const result = f(tape);
      if (result instanceof Promise) {
        pending = true;
        return result.finally(() => tape[Symbol.dispose]()) as R;
      }
      return result;
    } finally {
      if (!pending) tape[Symbol.dispose]();
    }
  }

  /** Goes on recording after `close`. A spent tape starts afresh. Throws `GradientError` while it is recording. */
  open(): void {
    if (this.recording) throw new GradientError('GradientTape.open: the tape is already recording');
    if (this.spent) {
      this.list.forget();
      this.variables.clear();
      this.spent = false;
    }
    this.recording = true;
    openRecorder(this);
  }

  /** Stops recording; gradients can be taken. Tapes may be closed in any order. */
  close(): void {
    if (!this.recording) return;
    this.recording = false;
    closeRecorder(this);
  }

  /** Closes the tape and gives up all that it holds. */
  [Symbol.dispose](): void {
    this.close();
    this.list.forget();
    this.spent = true;
  }

  /** Whether ops are being recorded. */
  get isRecording(): boolean {
    return this.recording && !this.paused;
  }

  /**
   * Follows tensors and variables, also untrainable ones, from here on. Ints and bools have no gradient: they are
   * passed over with a warning.
   */
  watch(sources: Tree): void {
    for (const x of leavesOf('GradientTape.watch', 'what is watched', sources)) {
      if (!isFloating(x.dtype)) {
        if (++warned.integers <= 5) {
          platform.console.warn(
            `GradientTape.watch: a ${x.dtype} tensor has no gradient and is not watched; cast it to a float`,
          );
        }
      } else if (x instanceof Variable) this.follow(x);
      else this.list.watch(x.id);
    }
  }

  /** The variables that were watched, in the order in which they were made. */
  watchedVariables(): Variable[] {
    return [...this.variables.keys()].sort((a, b) => a.number - b.number);
  }

  /** Drops what was recorded and watched. Throws `GradientError` while the tape is not recording. */
  reset(): void {
    if (!this.recording) throw new GradientError('GradientTape.reset: the tape is not recording');
    this.list.forget();
    this.variables.clear();
  }

  /** Runs `f`, which may be asynchronous, without recording. Throws `GradientError` while the tape is not recording. */
  stopRecording<R>(f: () => R): R {
    if (!this.isRecording) throw new GradientError('GradientTape.stopRecording: the tape is not recording');
    this.paused = true;
    let pending = false;
    try {
      const result = f();
      if (result instanceof Promise) {
        pending = true;
        return result.finally(() => {
          this.paused = false;
        }) as R;
      }
      return result;
    } finally {
      if (!pending) this.paused = false;
    }
  }

  /**
   * The gradient of the sum of `targets` with respect to each of `sources`, in their structure. A tape that is not
   * persistent is closed and spent by it. Throws `GradientError` on a spent tape or an op without a rule,
   * `ArgumentError`, `ShapeError` and `DTypeError` for wrong arguments, which do not spend the tape.
   */
  gradient<S extends Tree>(targets: Tree, sources: S, options?: GradientOptions<'none'>): Gradients<S, 'none'>;
  gradient<S extends Tree>(targets: Tree, sources: S, options: GradientOptions<'zero'>): Gradients<S, 'zero'>;
  gradient<S extends Tree>(targets: Tree, sources: S, options: GradientOptions = {}): Gradients<S, Unconnected> {
    const ends = leavesOf('GradientTape.gradient', 'targets', targets);
    const starts = leavesOf('GradientTape.gradient', 'sources', sources);
    const unconnected = checkUnconnected(options.unconnectedGradients);
    const seeds =
      options.outputGradients === undefined
        ? null
        : leavesOf('GradientTape.gradient', 'outputGradients', options.outputGradients);
    if (seeds !== null) checkCotangents('GradientTape.gradient', 'outputGradients', ends, seeds);
    this.begin('gradient');
    const found = withScope(() => {
      const floating = ends.flatMap((end, i) =>
        isFloating(end.dtype)
          ? [{ end: end.frozen(), seed: seeds === null ? onesOf(end.backend, end) : seeds[i] }]
          : [],
      );
      const ids = starts.map((start) => this.idsOf(start));
      const cotangent = backward(
        this.list.entries,
        floating.map(({ end }) => end),
        floating.map(({ seed }) => seed),
        new Set(ids.flat()),
      );
      return starts.map((start, i) => total(start, ids[i], cotangent, unconnected));
    }, tensorsIn);
    this.end();
    return rebuild(sources, found);
  }

  /** The Jacobian, of shape target.shape ++ source.shape, for each of `sources`. Spends the tape as `gradient` does. */
  jacobian<S extends Tree>(
    target: Tensor,
    sources: S,
    options?: Pick<GradientOptions<'none'>, 'unconnectedGradients'>,
  ): Gradients<S, 'none'>;
  jacobian<S extends Tree>(
    target: Tensor,
    sources: S,
    options: Pick<GradientOptions<'zero'>, 'unconnectedGradients'>,
  ): Gradients<S, 'zero'>;
  jacobian<S extends Tree>(target: Tensor, sources: S, options: GradientOptions = {}): Gradients<S, Unconnected> {
    checkTarget('jacobian', target);
    const starts = leavesOf('GradientTape.jacobian', 'sources', sources);
    const unconnected = checkUnconnected(options.unconnectedGradients);
    this.begin('jacobian');
    const found = withScope(() => {
      const rows = this.pullRows(target, starts, unitRows(target.backend, target, 0));
      return starts.map((start, i) => {
        const stacked = stackRows(
          target,
          start,
          rows.map((row) => row[i]),
        );
        return stacked === null && unconnected === 'zero'
          ? zerosOf(start.backend, jacobianSpec(target, start))
          : stacked;
      });
    }, tensorsIn);
    this.end();
    return rebuild(sources, found);
  }

  /**
   * The Jacobian of each row of `target` [b, ...] with respect to the same row of `source` [b, ...], of shape
   * [b, ...target, ...source]; zeros where they are not connected. Rows must not depend on each other.
   */
  batchJacobian(target: Tensor, source: Tensor): Tensor {
    checkTarget('batchJacobian', target);
    const [start] = leavesOf('GradientTape.batchJacobian', 'the source', source);
    if (target.rank < 2 || start.rank < 2 || target.shape[0] !== start.shape[0]) {
      throw new ShapeError(
        `GradientTape.batchJacobian: target ${showShape(target.shape)} and source ${showShape(start.shape)} must have rank 2 or more and the same first axis`,
      );
    }
    this.begin('batchJacobian');
    const found = withScope(() => {
      const rows = this.pullRows(target, [start], unitRows(target.backend, target, 1)).map(([row]) => row);
      return stackRows(target, start, rows, 1) ?? zerosOf(start.backend, jacobianSpec(target, start, 1));
    }, tensorsIn);
    this.end();
    return found;
  }

  /** @internal */
  tracks(input: Tensor): boolean {
    if (!this.recording || this.paused) return false;
    if (this.watchAccessed && input.trainable && input instanceof Variable) this.follow(input);
    return this.list.has(input.id);
  }

  /** @internal */
  record(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    this.list.append(op, rule, inputs, outputs, attrs);
  }

  private follow(v: Variable): void {
    const ids = this.variables.get(v);
    if (ids === undefined) this.variables.set(v, new Set([v.id]));
    else ids.add(v.id);
    this.list.watch(v.id);
  }

  private idsOf(source: Tensor): number[] {
    const ids = source instanceof Variable ? this.variables.get(source) : undefined;
    return ids === undefined ? [source.id] : [...ids.add(source.id)];
  }

  private begin(action: string): void {
    if (this.spent) {
      throw new GradientError(
        `GradientTape.${action}: the tape is spent; make it with { persistent: true } to take several gradients`,
      );
    }
    if (!this.persistent) this.close();
    else if (this.isRecording && !warned.inside) {
      warned.inside = true;
      platform.console.warn(
        `GradientTape.${action}: called inside the persistent tape's own region, which records the gradient too; call close() first unless a higher derivative is wanted`,
      );
    }
  }

  private end(): void {
    if (this.persistent) return;
    this.spent = true;
    this.list.release();
  }

  private pullRows(target: Tensor, starts: readonly Tensor[], seeds: Iterable<Tensor>): (Tensor | null)[][] {
    const ids = starts.map((start) => this.idsOf(start));
    const sources = new Set(ids.flat());
    const end = target.frozen();
    return Array.from(seeds, (seed) =>
      withScope(() => {
        const cotangent = backward(this.list.entries, [end], [seed], sources);
        seed.dispose();
        return starts.map((start, i) => total(start, ids[i], cotangent, 'none'));
      }, tensorsIn),
    );
  }
}

/** The gradient of a source: the sum over the identities that it had while the tape looked. */
function total(
  source: Tensor,
  ids: readonly number[],
  cotangent: (id: number) => Tensor | null,
  unconnected: Unconnected,
): Tensor | null {
  const terms = ids.map(cotangent).filter((g) => g !== null);
  if (terms.length === 0) return unconnected === 'zero' ? zerosOf(source.backend, source) : null;
  return terms.length === 1 ? handleOf(terms[0]) : terms.reduce((a, b) => add(a, b));
}

function checkUnconnected(unconnected: Unconnected = 'none'): Unconnected {
  if (unconnected !== 'none' && unconnected !== 'zero') {
    throw new ArgumentError(
      `GradientTape: unconnectedGradients must be 'none' or 'zero', got ${describe(unconnected)}`,
    );
  }
  return unconnected;
}

function checkTarget(action: string, target: Tensor): void {
  if (!(target instanceof Tensor)) {
    throw new ArgumentError(`GradientTape.${action}: the target must be one tensor, got ${describe(target)}`);
  }
  if (!isFloating(target.dtype)) {
    throw new DTypeError(`GradientTape.${action}: the target must be floating, got ${target.dtype}`);
  }
}
