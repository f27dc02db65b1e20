import type { Deferred } from './deferred.ts';
import type { ScalarType } from './expression.ts';
import type { Formula } from './formulas.ts';
import { compose, flatView, isFlat, sameView, type View } from './view.ts';

/** Where an argument of a step comes from. */
export interface Source {
  readonly from: 'step' | 'access' | 'number';
  readonly index: number;
}

/** One formula over values of the same element. */
export interface Step {
  readonly formula: Formula;
  readonly args: readonly Source[];
}

/** One view of an input: what a step reads. */
export interface Access {
  /** The number of the input. */
  readonly input: number;
  readonly view: View;
  readonly type: ScalarType;
}

/** What one launch computes: steps in their order, element by element over `size` elements. */
export interface Plan<S extends object, I> {
  /** Formulas, wiring and types; sizes, views and numbers are not part of it. */
  readonly structure: string;
  readonly size: number;
  readonly steps: readonly Step[];
  readonly inputs: readonly S[];
  readonly accesses: readonly Access[];
  readonly scalars: readonly { readonly value: number; readonly type: ScalarType }[];
  /** The steps whose results are stored, and for whom. The last one is that of the last step. */
  readonly outputs: readonly { readonly step: number; readonly node: Deferred<S, I> }[];
  /** All nodes that steps compute. */
  readonly nodes: Iterable<Deferred<S, I>>;
}

/** What has to have a value before the rest can be planned. */
export interface Cut<S extends object, I> {
  readonly cut: Deferred<S, I>;
}

/** What one launch takes. */
export interface PlanLimits {
  readonly inputs: number;
  readonly outputs: number;
}

/** Plans the launch that gives `root` its value, and those of its operands that will be read again theirs. */
export function planFor<S extends object, I>(root: Deferred<S, I>, limits: PlanLimits): Plan<S, I> | Cut<S, I> {
  return new Planner<S, I>(root, limits).plan();
}

/** The state of one planning: what has been numbered so far. */
class Planner<S extends object, I> {
  private readonly root: Deferred<S, I>;
  private readonly limits: PlanLimits;
  private readonly steps: Step[] = [];
  private readonly inputs: S[] = [];
  private readonly accesses: Access[] = [];
  private readonly scalars: Deferred<S, I>[] = [];
  private readonly outputs: { step: number; node: Deferred<S, I> }[] = [];
  private readonly visited = new Map<Deferred<S, I>, { view: View; step: number }[]>();
  /** How many of a node's uses lie within the plan. */
  private readonly within = new Map<Deferred<S, I>, number>();
  private structure = '';
  private cut: Deferred<S, I> | null = null;

  constructor(root: Deferred<S, I>, limits: PlanLimits) {
    this.root = root;
    this.limits = limits;
  }

  plan(): Plan<S, I> | Cut<S, I> {
    const { root, steps, inputs, accesses, scalars, outputs } = this;
    this.count(root);
    this.visit(root, flatView(root.size), 'float');
    if (this.cut === null && inputs.length > this.limits.inputs) this.cut = largest(root);
    if (this.cut !== null) return { cut: this.cut };
    return {
      structure: `${this.structure}${outputs.map(({ step }) => step)} ${accesses.map(({ input, type }) => input + type[0])}`,
      size: root.size,
      steps,
      inputs,
      accesses,
      scalars: scalars.flatMap(({ scalar }) => scalar ?? []),
      outputs,
      nodes: this.visited.keys(),
    };
  }

  private count({ operands }: Deferred<S, I>): void {
    for (const { node } of operands) {
      const uses = this.within.get(node) ?? 0;
      this.within.set(node, uses + 1);
      if (uses === 0) this.count(node);
    }
  }

  /** Numbers a node, whose values are of `type`, as it is seen from the root, after what it is made of. */
  private visit(node: Deferred<S, I>, view: View, type: ScalarType): Source {
    if (node.scalar !== null) return { from: 'number', index: indexIn(this.scalars, node) };
    if (node.value !== null) return this.access(node.value, view, type);
    const known = this.visited.get(node)?.find((instance) => sameView(instance.view, view));
    if (known !== undefined) return { from: 'step', index: known.step };
    const flat = node.size === this.root.size && isFlat(view, node.size);
    const stored = node === this.root || this.isReadAgain(node);
    const views = node.operands.map((operand) => (flat ? operand.view : compose(view, operand.view)));
    if ((stored && !flat) || views.includes(null)) this.cut ??= node;
    if (this.cut !== null) return { from: 'step', index: 0 };
    const { formula } = node;
    if (formula === null) throw new Error('a pending node has a formula');
    const args = node.operands.map((operand, k) => this.visit(operand.node, views[k] ?? view, formula.inputs[k]));
    const step = this.steps.push({ formula, args }) - 1;
    this.structure += `${formula.key}(${args.map(({ from, index }) => from[0] + index)})`;
    const instances = this.visited.get(node);
    if (instances === undefined) this.visited.set(node, [{ view, step }]);
    else instances.push({ view, step });
    if (stored) {
      // The root, which comes last, is sure of its place.
      if (node !== this.root && this.outputs.length >= this.limits.outputs - 1) this.cut ??= node;
      this.outputs.push({ step, node });
    }
    return { from: 'step', index: step };
  }

  private access(value: S, view: View, type: ScalarType): Source {
    const input = indexIn(this.inputs, value);
    const known = this.accesses.findIndex((access) => access.input === input && sameView(access.view, view));
    return { from: 'access', index: known >= 0 ? known : this.accesses.push({ input, view, type }) - 1 };
  }

  /** Whether it is worth to be stored on the way: somebody outside this plan wants it, and will rather surely read it. */
  private isReadAgain(node: Deferred<S, I>): boolean {
    const wanted = node.claimed || node.uses > (this.within.get(node) ?? 0);
    return wanted && (node.kept || node.passed);
  }
}

function indexIn<T>(list: T[], item: T): number {
  const index = list.indexOf(item);
  return index >= 0 ? index : list.push(item) - 1;
}

/** The operand that most is left to compute of. */
export function largest<S extends object, I>({ operands }: Deferred<S, I>): Deferred<S, I> | null {
  let found: Deferred<S, I> | null = null;
  for (const { node } of operands) if (node.pending && (found === null || node.ops > found.ops)) found = node;
  return found;
}
