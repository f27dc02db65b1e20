import { GradientError } from './errors.ts';
import type { Op } from './op/op.ts';
import { add } from './ops/pointwise.ts';
import { NOWHERE } from './places.ts';
import { isAmong, isScopedSince, scopedHandles, settle, withScope } from './scope.ts';
import { sameShape, showShape } from './shape.ts';
import { handleOf, type Tensor } from './tensor.ts';
import type { Entry, WengertList } from './wengertList.ts';

let pulling: Op | null = null;

/** The op whose pullback is running, for messages. */
export function opBeingPulled(): Op | null {
  return pulling;
}

/**
 * The reverse sweep over a Wengert list: from the cotangents `seeds` of `targets`, that of each source, or null where it
 * is not connected. A source is an identity, or several whose cotangents add up. The ops that the sweep runs are seen by
 * the recorders that are open, so that derivatives of derivatives follow.
 */
export function backward(
  list: WengertList,
  targets: readonly Tensor[],
  seeds: readonly Tensor[],
  sources: readonly (readonly number[])[],
): (Tensor | null)[] {
  return withScope(() => {
    const sweep = new Sweep(list);
    const places = sources.map((ids) => ids.map((id) => sweep.placeOf(id)));
    for (const place of places.flat()) sweep.want(place);
    targets.forEach((target, i) => {
      sweep.accept(sweep.placeOf(target.id), handleOf(seeds[i]));
    });
    sweep.run();
    return places.map((own) => {
      const terms = own.map((place) => sweep.at(place)).filter((g) => g !== null);
      if (terms.length === 0) return null;
      return terms.length === 1 ? handleOf(terms[0]) : terms.reduce((x, y) => add(x, y));
    });
  }, nonNull);
}

/** From so many on a set is the faster way to look for a handle. */
const MANY = 8;

/** How a place matters to a sweep: not at all, because it lies between sources and targets, or as a source. */
const OFF_PATH = 0;
const ON_PATH = 1;
const SOURCE = 2;

/** The only input needs a cotangent. */
const ONLY: readonly boolean[] = [true];

/** Which of two inputs need one: none, the first, the second, both. */
const PAIRS: readonly (readonly boolean[] | null)[] = [null, [true, false], [false, true], [true, true]];

/** One reverse sweep: cotangents by place. Each is a handle that the sweep owns. */
class Sweep {
  private readonly entries: readonly Entry[];
  /** A tape that records its own gradient grows while it is read. */
  private readonly length: number;
  private readonly list: WengertList;
  private readonly cotangents: (Tensor | null)[];
  private readonly roles: number[];
  /** Targets and sources that are not on the list have places behind its own. */
  private readonly others: Map<number, number> = new Map();

  constructor(list: WengertList) {
    this.list = list;
    this.entries = list.entries;
    this.length = list.entries.length;
    this.cotangents = new Array<null>(list.size).fill(null);
    this.roles = new Array<number>(list.size).fill(OFF_PATH);
  }

  placeOf(id: number): number {
    const known = this.list.placeOf(id);
    if (known !== NOWHERE) return known;
    const own = this.others.get(id) ?? this.cotangents.length;
    if (own === this.cotangents.length) {
      this.others.set(id, own);
      this.cotangents.push(null);
      this.roles.push(OFF_PATH);
    }
    return own;
  }

  /** Keeps the cotangent of this place. */
  want(place: number): void {
    this.roles[place] = SOURCE;
  }

  at(place: number): Tensor | null {
    return this.cotangents[place];
  }

  /** Adds `g`, a handle that is taken over. */
  accept(place: number, g: Tensor): void {
    const before = this.cotangents[place];
    if (before === null) {
      this.cotangents[place] = g;
      return;
    }
    before.donated = true;
    this.cotangents[place] = add(before, g);
    before.dispose();
    g.dispose();
  }

  run(): void {
    this.findPath();
    const before = pulling;
    try {
      for (let i = this.length - 1; i >= 0; i--) {
        this.step(this.entries[i]);
        pulling = before;
      }
    } finally {
      pulling = before;
    }
  }

  private step(entry: Entry): void {
    const g = entry.rule === null ? null : this.cotangentsOf(entry);
    if (g === null) return;
    const needs = this.needsOf(entry);
    if (needs !== null) this.pull(entry, g, needs);
    for (let k = 0; k < g.length; k++) this.drop(entry.to + k);
  }

  /** Runs an entry's rule, and frees what it makes on the way. */
  private pull(entry: Entry, g: readonly (Tensor | null)[], needs: readonly boolean[]): void {
    const { op, rule } = entry;
    if (!rule) throw withoutRule(op);
    pulling = op;
    const start = scopedHandles();
    const inputs = this.list.restoredInputs(entry);
    const outputs = this.list.restoredOutputs(entry);
    const results = rule.vjp(g, inputs, outputs, entry.attrs, needs);
    const found = this.ownedBy(entry, needs, results, inputs, outputs, start);
    settle(start, found);
    for (let j = 0; j < found.length; j++) {
      const one = found[j];
      if (one !== null) this.accept(this.list.from[entry.from + j], one);
    }
  }

  /** What a rule gave for the inputs that need it: the rule's own handles, or others of their values. */
  private ownedBy(
    { op, to }: Entry,
    needs: readonly boolean[],
    results: readonly (Tensor | null)[],
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    start: number,
  ): (Tensor | null)[] {
    const found = new Array<Tensor | null>(inputs.length);
    const taken = inputs.length < MANY ? null : new Set([...inputs, ...outputs]);
    for (let i = 0; i < inputs.length; i++) {
      const one = needs[i] ? (results[i] ?? null) : null;
      found[i] = null;
      if (one === null) continue;
      checkCotangent(op, i, one, inputs[i]);
      // The same handle for two inputs, or one that is somebody else's, is not the rule's to give away.
      const shared =
        taken === null ? isAmong(found, one) || isAmong(inputs, one) || isAmong(outputs, one) : taken.has(one);
      found[i] = shared || one.kept || !this.passes(one, to, outputs.length, start) ? handleOf(one) : one;
      taken?.add(one);
    }
    return found;
  }

  /** Whether a handle was made from `start` on, or is a cotangent of the entry that is needed no longer and moves on. */
  private passes(one: Tensor, to: number, count: number, start: number): boolean {
    for (let place = to; place < to + count; place++) {
      if (this.cotangents[place] !== one) continue;
      if (this.roles[place] === SOURCE) return false;
      this.cotangents[place] = null;
      return true;
    }
    return isScopedSince(start, one);
  }

  /** Finds what derives from the sources. */
  private findPath(): void {
    const { roles } = this;
    for (let i = 0; i < this.length; i++) {
      const { rule, from, to, inputs, outputs } = this.entries[i];
      if (rule === null) continue;
      for (let j = 0; j < inputs.length; j++) {
        if (!this.follows(from + j)) continue;
        for (let k = 0; k < outputs.length; k++) roles[to + k] ||= ON_PATH;
        break;
      }
    }
  }

  /** The cotangents of an entry's outputs; null where there is none. */
  private cotangentsOf({ to, outputs }: Entry): (Tensor | null)[] | null {
    const { cotangents } = this;
    if (outputs.length === 1) return cotangents[to] === null ? null : [cotangents[to]];
    const own = outputs.map((_, k) => cotangents[to + k]);
    return own.every((g) => g === null) ? null : own;
  }

  /** Which inputs of an entry need a cotangent; null where none does. */
  private needsOf({ from, inputs }: Entry): readonly boolean[] | null {
    if (inputs.length === 1) return this.follows(from) ? ONLY : null;
    if (inputs.length === 2) return PAIRS[(this.follows(from) ? 1 : 0) + (this.follows(from + 1) ? 2 : 0)];
    const needs = new Array<boolean>(inputs.length);
    let any = false;
    for (let j = 0; j < inputs.length; j++) {
      needs[j] = this.follows(from + j);
      any ||= needs[j];
    }
    return any ? needs : null;
  }

  /** Whether the input that `WengertList.from` has there lies on a path from the sources. */
  private follows(input: number): boolean {
    const place = this.list.from[input];
    return place !== NOWHERE && this.roles[place] !== OFF_PATH;
  }

  private drop(place: number): void {
    if (this.roles[place] === SOURCE) return;
    const g = this.cotangents[place];
    // A rule was shown it, and may have kept it.
    if (g?.kept === false) g.dispose();
    this.cotangents[place] = null;
  }
}

function withoutRule(op: Op): GradientError {
  return new GradientError(
    `${op.name}: the op lies between target and source and has no gradient rule; give it one with registerGradient`,
  );
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
