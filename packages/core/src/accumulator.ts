import { checkTangents } from './cotangents.ts';
import { zerosOf } from './create/host.ts';
import { isFloating } from './dtype.ts';
import { ArgumentError, GradientError } from './errors.ts';
import { lastly } from './lastly.ts';
import type { Op, Rule } from './op/op.ts';
import { pushforward } from './pushforward.ts';
import { activeRecorders, closeRecorder, openRecorder, type Recorder, recordingOnly } from './recorder.ts';
import { withScope } from './scope.ts';
import { sameShape, showShape } from './shape.ts';
import type { Unconnected } from './tapeOptions.ts';
import { handleOf, type Tensor } from './tensor.ts';
import { leavesOf, type MapTree, rebuild, type Tree } from './tree.ts';

/**
 * Forward mode: carries tangents along with the ops, from its construction until `close`. Nested accumulators give
 * higher derivatives, `outer.jvp(inner.jvp(y))`, and an accumulator around a tape gives forward over reverse.
 * @example
 * const x = scalar(3);
 * using forward = new ForwardAccumulator(x, scalar(1));
 * forward.jvp(mul(x, x))?.print(); // 6
 */
export class ForwardAccumulator implements Recorder {
  readonly opensComposites = true;
  private readonly tangents: Map<number, Tensor> = new Map();
  private recording = false;

  /** `tangents` have the structure, shapes and dtypes of `primals`. */
  constructor(primals: Tree, tangents: Tree) {
    const xs = leavesOf('ForwardAccumulator', 'primals', primals);
    const ts = leavesOf('ForwardAccumulator', 'tangents', tangents);
    checkTangents('ForwardAccumulator', xs, ts);
    if (new Set(xs).size < xs.length) throw new ArgumentError('ForwardAccumulator: a primal is given twice');
    xs.forEach((x, i) => {
      this.hold(x.id, handleOf(ts[i]));
    });
    this.open();
  }

  /** Runs `f` with an accumulator that is disposed afterwards, whatever happens. */
  static use<R>(primals: Tree, tangents: Tree, f: (accumulator: ForwardAccumulator) => R): R {
    const accumulator = new ForwardAccumulator(primals, tangents);
    return lastly(
      () => f(accumulator),
      () => accumulator[Symbol.dispose](),
    );
  }

  /** Goes on after `close`. Throws `GradientError` while it is active. */
  open(): void {
    if (this.recording) throw new GradientError('ForwardAccumulator.open: the accumulator is already active');
    this.recording = true;
    openRecorder(this);
  }

  /** Stops carrying tangents; those that were found can still be looked up. */
  close(): void {
    if (!this.recording) return;
    this.recording = false;
    closeRecorder(this);
  }

  /** Closes the accumulator and gives up the tangents. */
  [Symbol.dispose](): void {
    this.close();
    for (const t of this.tangents.values()) t.dispose();
    this.tangents.clear();
  }

  /** The tangent of each of `targets`, in their structure: null, or zeros with 'zero', where there is none. */
  jvp<T extends Tree>(targets: T, options?: { unconnectedGradients?: 'none' }): MapTree<T, Tensor | null>;
  jvp<T extends Tree>(targets: T, options: { unconnectedGradients: 'zero' }): MapTree<T, Tensor>;
  jvp<T extends Tree>(targets: T, options: { unconnectedGradients?: Unconnected } = {}): MapTree<T, Tensor | null> {
    const found = leavesOf('ForwardAccumulator.jvp', 'targets', targets).map((y) => {
      const t = this.tangents.get(y.id);
      if (t !== undefined) return handleOf(t);
      return options.unconnectedGradients === 'zero' ? zerosOf(y.backend, y) : null;
    });
    return rebuild(targets, found);
  }

  /** @internal */
  tracks(input: Tensor): boolean {
    return this.recording && this.tangents.has(input.id);
  }

  /** @internal */
  record(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    if (rule === null || !outputs.some((y) => isFloating(y.dtype))) return;
    const all = activeRecorders();
    const tangents = inputs.map((x) => this.tangents.get(x.id) ?? null);
    // Only recorders further out see the tangents being computed: they differentiate this one, not the reverse.
    const found = recordingOnly(all.slice(0, all.indexOf(this)), () =>
      withScope(
        () => pushforward(op, rule, tangents, inputs, outputs, attrs).map((t) => t && handleOf(t)),
        (list) => list.filter((t) => t !== null),
      ),
    );
    found.forEach((t, i) => {
      if (t === null) return;
      if (!sameShape(t.shape, outputs[i].shape)) {
        throw new GradientError(
          `${op.name}: its forward rule gave shape ${showShape(t.shape)} for an output of shape ${showShape(outputs[i].shape)}`,
        );
      }
      if (isFloating(outputs[i].dtype)) this.hold(outputs[i].id, t);
    });
  }

  /** Tangents live as long as the accumulator, whatever scopes are open. */
  private hold(id: number, t: Tensor): void {
    t.kept = true;
    this.tangents.get(id)?.dispose();
    this.tangents.set(id, t);
  }
}
