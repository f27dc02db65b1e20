import { backward } from './backward.ts';
import { checkCotangents } from './cotangents.ts';
import { onesOf } from './create/fill.ts';
import { zerosOf } from './create/host.ts';
import { isFloating } from './dtype.ts';
import { GradientError, ShapeError } from './errors.ts';
import { jacobianSpec, pulledJacobians } from './jacobianRows.ts';
import { lastly } from './lastly.ts';
import type { Op, Rule } from './op/op.ts';
import { platform } from './platform.ts';
import { closeRecorder, openRecorder, type Recorder } from './recorder.ts';
import { withScope } from './scope.ts';
import { showShape } from './shape.ts';
import {
  checkTarget,
  checkUnconnected,
  type GradientOptions,
  type Gradients,
  type JacobianOptions,
  type TapeOptions,
  type Unconnected,
} from './tapeOptions.ts';
import type { Tensor } from './tensor.ts';
import { leavesOf, rebuild, type Tree, tensorsIn } from './tree.ts';
import { Variable } from './variable.ts';
import { WengertList } from './wengertList.ts';

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
    return lastly(
      () => f(tape),
      () => tape[Symbol.dispose](),
    );
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
    return lastly(f, () => {
      this.paused = false;
    });
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
    const real = ends.flatMap((end, i) => (isFloating(end.dtype) ? [{ end: end.frozen(), seed: seeds?.[i] }] : []));
    const found = withScope(() => {
      const given = real.map(({ end, seed }) => seed ?? onesOf(end.backend, end));
      const targets = real.map(({ end }) => end);
      const ids = starts.map((start) => this.idsOf(start));
      return backward(this.list, targets, given, ids).map((g, i) =>
        g === null && unconnected === 'zero' ? zerosOf(starts[i].backend, starts[i]) : g,
      );
    }, tensorsIn);
    this.end();
    return rebuild(sources, found);
  }

  /** The Jacobian, of shape target.shape ++ source.shape, for each of `sources`. Spends the tape as `gradient` does. */
  jacobian<S extends Tree>(target: Tensor, sources: S, options?: JacobianOptions<'none'>): Gradients<S, 'none'>;
  jacobian<S extends Tree>(target: Tensor, sources: S, options: JacobianOptions<'zero'>): Gradients<S, 'zero'>;
  jacobian<S extends Tree>(target: Tensor, sources: S, options: JacobianOptions = {}): Gradients<S, Unconnected> {
    checkTarget('jacobian', target);
    const starts = leavesOf('GradientTape.jacobian', 'sources', sources);
    const unconnected = checkUnconnected(options.unconnectedGradients);
    this.begin('jacobian');
    const ids = starts.map((start) => this.idsOf(start));
    const found = pulledJacobians(this.list, target.frozen(), starts, ids).map((one, i) =>
      one === null && unconnected === 'zero' ? zerosOf(target.backend, jacobianSpec(target, starts[i])) : one,
    );
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
    const [found] = pulledJacobians(this.list, target.frozen(), [start], [this.idsOf(start)], 1);
    this.end();
    return found ?? zerosOf(target.backend, jacobianSpec(target, start, 1));
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
        this.persistent
          ? `GradientTape.${action}: the tape is disposed; open() it again, or take the gradient before`
          : `GradientTape.${action}: the tape is spent; make it with { persistent: true } to take several gradients`,
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
}
