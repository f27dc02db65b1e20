import { backward } from './backward.ts';
import { zerosOf } from './create/host.ts';
import { isFloating } from './dtype.ts';
import { GradientError } from './errors.ts';
import type { Cotangents, Op, Rule } from './op/op.ts';
import { closeRecorder, openRecorder, type Recorder } from './recorder.ts';
import { currentScope, type Scoped } from './scope.ts';
import type { Tensor } from './tensor.ts';
import { WengertList } from './wengertList.ts';

/** The tangents of an op's outputs: by its own JVP, else by transposing its VJP, which is linear in the cotangent. */
export function pushforward(
  op: Op,
  rule: Rule | undefined,
  tangents: Cotangents,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  attrs: unknown,
): Cotangents {
  if (rule === undefined) {
    throw new GradientError(`${op.name}: the op has no gradient rule; give it one with registerGradient`);
  }
  if (rule.jvp !== undefined) return rule.jvp(tangents, inputs, outputs, attrs);
  const needs = tangents.map((t) => t !== null);
  return transposed(
    outputs,
    (g) => rule.vjp(g, inputs, outputs, attrs, needs),
    tangents.map((t, i) => (needs[i] ? t : null)),
  );
}

/**
 * Follows everything that derives from the watched values, for one linear map. Its list is released by the scope in which
 * it is made, however that ends, unless it is `kept`.
 */
export class Follower implements Recorder, Scoped {
  readonly opensComposites = false;
  readonly isDisposed = false;
  readonly list: WengertList;
  kept = false;

  constructor(integers = false) {
    this.list = new WengertList(integers);
    currentScope()?.track(this);
  }

  outlive(): void {}

  abandon(): void {
    this.list.release();
  }

  tracks(input: Tensor): boolean {
    return this.list.has(input.id);
  }

  record(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    this.list.append(op, rule, inputs, outputs, attrs);
  }

  /** Runs `f` while following `sources`. */
  follow<R>(sources: readonly Tensor[], f: () => R): R {
    for (const source of sources) this.list.watch(source.id);
    openRecorder(this);
    try {
      return f();
    } finally {
      closeRecorder(this);
    }
  }
}

/** Given a linear map `pullback` from cotangents of `outputs`, its transpose applied to `tangents`. */
function transposed(
  outputs: readonly Tensor[],
  pullback: (g: Cotangents) => Cotangents,
  tangents: Cotangents,
): Cotangents {
  const follower = new Follower();
  const variables = outputs.map((y) => (isFloating(y.dtype) ? zerosOf(y.backend, y) : null));
  const sources = variables.filter((v) => v !== null);
  const pulled = follower.follow(sources, () => pullback(variables));
  const ends: Tensor[] = [];
  const seeds: Tensor[] = [];
  pulled.forEach((end, i) => {
    const seed = tangents[i];
    if (end && seed) {
      ends.push(end);
      seeds.push(seed);
    }
  });
  const found = backward(
    follower.list,
    ends,
    seeds,
    sources.map(({ id }) => [id]),
  );
  let next = 0;
  return variables.map((v) => (v === null ? null : found[next++]));
}
