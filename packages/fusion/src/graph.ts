import { Admission } from './admission.ts';
import { Deferred, type Operand } from './deferred.ts';
import type { ScalarType } from './expression.ts';
import type { Formula } from './formulas.ts';
import { largest, type Plan, type PlanLimits, planFor } from './plan.ts';
import type { View } from './view.ts';

/** What the graph asks of a backend's storages: a place for what it knows of those that it did not make. */
export interface Leaf {
  /** Set by the graph; null or absent while no op was deferred over the storage. */
  leaf?: object | null;
}

/** A plan as a backend carries it out. */
export interface Launch<S extends object> {
  /** The name of the kernel that it needs: the plan's structure, and what else is compiled in. */
  readonly key: string;
  /** Computes storages for the plan's outputs, in their order: new ones, or inputs that end with it. */
  run(): readonly S[];
}

/** What a backend does for its graph. */
export interface Target<S extends Leaf, I> {
  launch(plan: Plan<S, I>): Launch<S>;
  /** A new storage of one element. */
  scalar(value: number, type: ScalarType): S;
  free(storage: S): void;
  /** What is known of a storage that the graph did not make. */
  info(storage: S): I;
  /** The kernel of that name will not be asked for soon. */
  evict?(key: string): void;
}

/** What a graph is bounded by. */
export interface GraphLimits extends PlanLimits {
  /** Ops in one launch. */
  readonly ops: number;
  /** Tensors that may wait with nobody asking for them. */
  readonly waiting: number;
  /** Kernels of more than one op that are compiled as they come; see `Admission`. */
  readonly kernels: number;
  /** How often a further structure has to be asked for before it gets a kernel. */
  readonly sightings: number;
  /** Tensors with fewer elements are computed at once. */
  readonly smallest: number;
}

/** Modest bounds, for targets without narrower ones. */
export const LIMITS: GraphLimits = {
  ops: 32,
  inputs: 15,
  outputs: 4,
  waiting: 64,
  kernels: 256,
  sightings: 16,
  smallest: 0,
};

/**
 * Pointwise ops that wait to be computed together. An op is deferred, not run; when its values are wanted, one launch
 * computes it with all that it waits for, and with those on the way that will be read again as further outputs.
 *
 * A node is computed apart, in a launch before, where the chain exceeds the limits, where it will be read again but has
 * another size than the chain's end, and where it is broadcast in a way that its own operands' views do not allow. What
 * is claimed but was not announced by `keep` stays as it is when a launch passes through it, and is stored by the second
 * one that does.
 */
export class PointwiseGraph<S extends Leaf, I> {
  private readonly target: Target<S, I>;
  private readonly limits: GraphLimits;
  private readonly admission: Admission;
  /** Pending nodes that no other waits for, oldest first: all others that are wanted are computed with them. */
  private readonly ends = new Set<Deferred<S, I>>();

  constructor(target: Target<S, I>, limits: Partial<GraphLimits> = {}) {
    this.target = target;
    this.limits = { ...LIMITS, ...limits };
    const { kernels, sightings } = this.limits;
    this.admission = new Admission({ capacity: kernels, sightings, evict: (key) => target.evict?.(key) });
  }

  /** A tensor of one element with a known value, which launches take as a number. */
  scalar(value: number, type: ScalarType, info: I): Deferred<S, I> {
    return new Deferred<S, I>(1, info, null, { value, type });
  }

  /** The formula over these storages, of `size` > 0 elements, to be computed when it is wanted. */
  defer(
    formula: Formula,
    operands: readonly { readonly storage: S | Deferred<S, I>; readonly view: View }[],
    size: number,
    info: I,
  ): Deferred<S, I> {
    const node = new Deferred<S, I>(size, info, formula);
    const own: Operand<S, I>[] = [];
    for (let k = 0; k < operands.length; k++)
      own.push({ node: this.nodeOf(operands[k].storage), view: operands[k].view });
    node.operands = own;
    this.fit(node);
    for (let k = 0; k < own.length; k++) {
      own[k].node.uses++;
      this.ends.delete(own[k].node);
    }
    this.ends.add(node);
    if (size < this.limits.smallest) this.valueOf(node);
    else if (this.ends.size > this.limits.waiting) this.hasten(this.ends.values().next().value ?? node);
    return node;
  }

  /** The values, computed now if they were not yet. */
  valueOf(storage: S | Deferred<S, I>): S {
    if (!(storage instanceof Deferred)) return storage;
    if (storage.value !== null) return storage.value;
    if (storage.scalar !== null) {
      const { value, type } = storage.scalar;
      storage.value = this.target.scalar(value, type);
      return storage.value;
    }
    return this.compute(storage);
  }

  /** Core gives up its claim. */
  free(storage: S | Deferred<S, I>): void {
    const node = knownNode<S, I>(storage);
    if (node === null || !(storage instanceof Deferred || node.uses > 0)) this.target.free(storage as S);
    else if (node.claimed) {
      node.claimed = false;
      this.settle(node);
    }
  }

  /** The values will be read again: a tape needs them, or they left the scope of their birth. */
  keep(storage: S | Deferred<S, I>): void {
    if (storage instanceof Deferred) storage.kept = true;
  }

  /** Whether pending nodes wait to read the storage, so that nothing may be written into it. */
  isAwaited(storage: S | Deferred<S, I>): boolean {
    const node = knownNode<S, I>(storage);
    return node !== null && node.uses > 0;
  }

  /** Computes a node that nobody reads yet. If that fails, it fails again where somebody does. */
  hasten(node: Deferred<S, I>): void {
    this.ends.delete(node);
    try {
      this.valueOf(node);
    } catch {}
  }

  /** Computes all that waits. */
  flush(): void {
    for (const node of [...this.ends]) if (node.pending) this.compute(node);
  }

  private nodeOf(storage: S | Deferred<S, I>): Deferred<S, I> {
    const known = knownNode<S, I>(storage);
    if (known !== null) return known;
    const node = new Deferred<S, I>(0, this.target.info(storage as S), null);
    node.value = storage as S;
    (storage as S).leaf = node;
    return node;
  }

  /** Computes operands of a new node until it is within the limits. */
  private fit(node: Deferred<S, I>): void {
    const { ops, inputs } = this.limits;
    for (;;) {
      estimate(node);
      if (node.ops > ops || node.inputs > inputs) measure(node);
      if (node.ops <= ops && node.inputs <= inputs) return;
      const cut = largest(node);
      if (cut === null) return;
      this.compute(cut);
    }
  }

  private compute(root: Deferred<S, I>): S {
    let plan = planFor(root, this.limits);
    while ('cut' in plan) {
      this.compute(plan.cut);
      plan = planFor(root, this.limits);
    }
    const launch = this.target.launch(plan);
    if (plan.steps.length > 1 && !this.admission.admits(launch.key)) {
      for (const { node } of root.operands) this.computeApart(node);
      return this.compute(root);
    }
    const storages = launch.run();
    for (const [i, source] of plan.sources.entries()) {
      if (plan.ending[i] && storages.includes(plan.inputs[i])) this.handOver(source, plan.inputs[i]);
    }
    for (const [k, { node }] of plan.outputs.entries()) node.value = storages[k];
    for (const node of plan.nodes) node.passed = true;
    for (const { node } of plan.outputs) {
      this.ends.delete(node);
      this.release(node);
    }
    return storages[storages.length - 1];
  }

  /** An output was written into the storage of a node, which has nothing to be freed any more. */
  private handOver(node: Deferred<S, I>, storage: S): void {
    node.value = null;
    storage.leaf = null;
  }

  /** Computes a node and what it waits for one op at a time, for want of a kernel. */
  private computeApart(node: Deferred<S, I>): void {
    if (!node.pending) return;
    for (const operand of node.operands) this.computeApart(operand.node);
    this.compute(node);
  }

  /** A node needs its operands no longer. */
  private release(node: Deferred<S, I>): void {
    const { operands } = node;
    node.operands = [];
    for (const operand of operands) {
      operand.node.uses--;
      this.settle(operand.node);
    }
  }

  /** Lets go of a node that nobody wants, and remembers one that nobody waits for. */
  private settle(node: Deferred<S, I>): void {
    if (node.uses > 0) return;
    if (node.claimed) {
      if (node.pending && !node.passed) this.ends.add(node);
      return;
    }
    this.ends.delete(node);
    this.release(node);
    if (node.value !== null) this.target.free(node.value);
  }
}

/** The node of a storage, if it has one. */
function knownNode<S extends Leaf, I>(storage: S | Deferred<S, I>): Deferred<S, I> | null {
  return storage instanceof Deferred ? storage : ((storage.leaf as Deferred<S, I> | undefined) ?? null);
}

/** An upper bound, as if operands shared nothing. */
function estimate<S extends object, I>(node: Deferred<S, I>): void {
  node.ops = 1;
  node.inputs = 0;
  for (const { node: operand } of node.operands) {
    if (operand.pending) node.ops += operand.ops;
    if (operand.scalar === null) node.inputs += operand.pending ? operand.inputs : 1;
  }
}

/** The exact numbers of ops and of different inputs. */
function measure<S extends object, I>(node: Deferred<S, I>): void {
  const seen = new Set<Deferred<S, I>>();
  node.ops = 0;
  node.inputs = 0;
  const visit = (one: Deferred<S, I>): void => {
    if (seen.has(one) || one.scalar !== null) return;
    seen.add(one);
    if (one.value !== null) node.inputs++;
    else {
      node.ops++;
      for (const operand of one.operands) visit(operand.node);
    }
  };
  visit(node);
}
