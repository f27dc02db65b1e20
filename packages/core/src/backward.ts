import { GradientError } from './errors.ts';
import type { Op } from './op/op.ts';
import { add } from './ops/pointwise.ts';
import { withScope } from './scope.ts';
import { sameShape, showShape } from './shape.ts';
import { handleOf, type Tensor } from './tensor.ts';
import { type Entry, restored } from './wengertList.ts';

let pulling: Op | null = null;

/** The op whose pullback is running, for messages. */
export function opBeingPulled(): Op | null {
  return pulling;
}

/** Cotangents by identity. Each is a handle that the map owns. */
class Accumulator {
  private readonly byId: Map<number, Tensor> = new Map();

  get(id: number): Tensor | null {
    return this.byId.get(id) ?? null;
  }

  /** Adds `g`, a handle that the map takes over. */
  accept(id: number, g: Tensor): void {
    const before = this.byId.get(id);
    if (before === undefined) {
      this.byId.set(id, g);
      return;
    }
    before.donated = true;
    this.byId.set(id, add(before, g));
    before.dispose();
    g.dispose();
  }

  drop(id: number): void {
    this.byId.get(id)?.dispose();
    this.byId.delete(id);
  }
}

/**
 * The reverse sweep over a Wengert list: from the cotangents `seeds` of `targets`, that of each source, or null where it
 * is not connected. A source is an identity, or several whose cotangents add up. The ops that the sweep runs are seen by
 * the recorders that are open, so that derivatives of derivatives follow.
 */
export function backward(
  entries: readonly Entry[],
  targets: readonly Tensor[],
  seeds: readonly Tensor[],
  sources: readonly (readonly number[])[],
): (Tensor | null)[] {
  return withScope(() => {
    const ids = new Set(sources.flat());
    const cotangents = sweep(entries, targets, seeds, ids);
    return sources.map((source) => {
      const terms = source.map((id) => cotangents.get(id)).filter((g) => g !== null);
      if (terms.length === 0) return null;
      return terms.length === 1 ? handleOf(terms[0]) : terms.reduce((x, y) => add(x, y));
    });
  }, nonNull);
}

function sweep(
  entries: readonly Entry[],
  targets: readonly Tensor[],
  seeds: readonly Tensor[],
  sources: ReadonlySet<number>,
): Accumulator {
  // A tape that records its own gradient grows while it is read.
  const length = entries.length;
  const onPath = new Set(sources);
  for (let i = 0; i < length; i++) {
    const { inputs, outputs, followed } = entries[i];
    if (inputs.some((x, j) => followed[j] && onPath.has(x.id))) for (const y of outputs) onPath.add(y.id);
  }
  const cotangents = new Accumulator();
  targets.forEach((target, i) => {
    cotangents.accept(target.id, handleOf(seeds[i]));
  });
  for (let i = length - 1; i >= 0; i--) {
    const entry = entries[i];
    const g = entry.outputs.map((y) => cotangents.get(y.id));
    if (g.every((one) => one === null)) continue;
    const needs = entry.inputs.map((x, j) => entry.followed[j] && onPath.has(x.id));
    if (needs.includes(true)) {
      pull(entry, g, needs).forEach((one, j) => {
        if (one !== null) cotangents.accept(entry.inputs[j].id, one);
      });
    }
    for (const y of entry.outputs) if (!sources.has(y.id)) cotangents.drop(y.id);
  }
  return cotangents;
}

function pull(entry: Entry, g: readonly (Tensor | null)[], needs: readonly boolean[]): (Tensor | null)[] {
  const { op, rule, attrs } = entry;
  if (rule === undefined) {
    throw new GradientError(
      `${op.name}: the op lies between target and source and has no gradient rule; give it one with registerGradient`,
    );
  }
  const before = pulling;
  pulling = op;
  try {
    return withScope(() => {
      const { inputs, outputs } = restored(entry);
      const owned = new Set<Tensor>([...inputs, ...outputs]);
      for (const one of g) if (one !== null) owned.add(one);
      const results = rule.vjp(g, inputs, outputs, attrs, needs);
      return entry.inputs.map((x, i) => {
        const one = needs[i] ? (results[i] ?? null) : null;
        if (one === null) return null;
        checkCotangent(op, i, one, x);
        // The same handle for two inputs, or one that came from outside, is not the rule's to give away.
        if (owned.has(one)) return handleOf(one);
        owned.add(one);
        return one;
      });
    }, nonNull);
  } finally {
    pulling = before;
  }
}

function nonNull(list: readonly (Tensor | null)[]): Tensor[] {
  return list.filter((one) => one !== null);
}

function checkCotangent(op: Op, i: number, g: Tensor, x: Tensor): void {
  if (!sameShape(g.shape, x.shape)) {
    throw new GradientError(
      `${op.name}: its gradient rule gave shape ${showShape(g.shape)} for input ${i} of shape ${showShape(x.shape)}`,
    );
  }
}
