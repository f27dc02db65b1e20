import { type Deferred, NOWHERE } from './deferred.ts';
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
  readonly nodes: readonly Deferred<S, I>[];
  /** The nodes of the inputs. */
  readonly sources: readonly Deferred<S, I>[];
  /** Whether nobody will read the input again: an output may be written into it, and is then the same storage. */
  readonly ending: readonly boolean[];
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

/** The number of the planning that a node was last seen by. */
let plannings = 0;

/** The state of one planning: what has been numbered so far. Nodes carry what it knows of them. */
class Planner<S extends object, I> {
  private readonly root: Deferred<S, I>;
  private readonly limits: PlanLimits;
  private readonly steps: Step[] = [];
  private readonly inputs: S[] = [];
  private readonly sources: Deferred<S, I>[] = [];
  private readonly accesses: Access[] = [];
  private readonly numbers: Deferred<S, I>[] = [];
  private readonly scalars: { readonly value: number; readonly type: ScalarType }[] = [];
  private readonly outputs: { step: number; node: Deferred<S, I> }[] = [];
  private readonly nodes: Deferred<S, I>[] = [];
  /** The steps of nodes that are seen through other views than their first one. */
  private readonly others: { readonly node: Deferred<S, I>; readonly view: View; readonly step: number }[] = [];
  private structure = '';
  private cut: Deferred<S, I> | null = null;

  constructor(root: Deferred<S, I>, limits: PlanLimits) {
    this.root = root;
    this.limits = limits;
  }

  plan(): Plan<S, I> | Cut<S, I> {
    const { root, steps, inputs, sources, accesses, scalars, outputs, nodes } = this;
    plannings++;
    root.seenBy = plannings;
    root.step = NOWHERE;
    this.count(root);
    this.visit(root, flatView(root.size), 'float');
    if (this.cut === null && inputs.length > this.limits.inputs) this.cut = largest(root);
    if (this.cut !== null) return { cut: this.cut };
    let { structure } = this;
    for (const { step } of outputs) structure += ` ${step}`;
    for (const { input, type } of accesses) structure += type[0] + input;
    const last = nodes.every((node) => node === root || outputs.some((output) => output.node === node) || isLast(node));
    const ending = sources.map((source) => last && isLast(source));
    return { structure, size: root.size, steps, inputs, accesses, scalars, outputs, nodes, sources, ending };
  }

  /** Counts how many of each node's uses lie within the plan. */
  private count({ operands }: Deferred<S, I>): void {
    for (let k = 0; k < operands.length; k++) {
      const { node } = operands[k];
      if (node.seenBy === plannings) node.within++;
      else {
        node.seenBy = plannings;
        node.within = 1;
        node.step = NOWHERE;
        this.count(node);
      }
    }
  }

  /** Numbers a node, whose values are of `type`, as it is seen from the root, after what it is made of. */
  private visit(node: Deferred<S, I>, view: View, type: ScalarType): Source {
    if (node.scalar !== null) return this.number(node, node.scalar);
    if (node.value !== null) return this.access(node, node.value, view, type);
    const known = this.stepOf(node, view);
    if (known !== NOWHERE) return { from: 'step', index: known };
    const { formula, operands } = node;
    if (formula === null) throw new Error('a pending node has a formula');
    const flat = node.size === this.root.size && isFlat(view, node.size);
    const stored = node === this.root || this.isReadAgain(node);
    if (stored && !flat) this.cut ??= node;
    const args: Source[] = [];
    let structure = `${formula.key}(`;
    for (let k = 0; k < operands.length; k++) {
      const operand = operands[k];
      const seen = flat ? operand.view : compose(view, operand.view);
      if (seen === null) this.cut ??= node;
      if (seen === null || this.cut !== null) return { from: 'step', index: 0 };
      const source = this.visit(operand.node, seen, formula.inputs[k]);
      structure += source.from[0] + source.index;
      args.push(source);
    }
    const index = this.steps.push({ formula, args }) - 1;
    this.structure += `${structure})`;
    this.enter(node, view, index);
    if (stored) {
      // The root, which comes last, is sure of its place.
      if (node !== this.root && this.outputs.length >= this.limits.outputs - 1) this.cut ??= node;
      this.outputs.push({ step: index, node });
    }
    return { from: 'step', index };
  }

  /** The step that computes a node as it is seen through a view. */
  private stepOf(node: Deferred<S, I>, view: View): number {
    if (node.step === NOWHERE || sameView(node.view, view)) return node.step;
    return this.others.find((other) => other.node === node && sameView(other.view, view))?.step ?? NOWHERE;
  }

  private enter(node: Deferred<S, I>, view: View, step: number): void {
    if (node.step !== NOWHERE) {
      this.others.push({ node, view, step });
      return;
    }
    node.step = step;
    node.view = view;
    this.nodes.push(node);
  }

  private number(node: Deferred<S, I>, scalar: { readonly value: number; readonly type: ScalarType }): Source {
    let index = this.numbers.indexOf(node);
    if (index < 0) {
      index = this.numbers.push(node) - 1;
      this.scalars.push(scalar);
    }
    return { from: 'number', index };
  }

  private access(node: Deferred<S, I>, value: S, view: View, type: ScalarType): Source {
    let input = this.inputs.indexOf(value);
    if (input < 0) {
      input = this.inputs.push(value) - 1;
      this.sources.push(node);
    }
    const { accesses } = this;
    let index = 0;
    while (index < accesses.length && !(accesses[index].input === input && sameView(accesses[index].view, view)))
      index++;
    if (index === accesses.length) accesses.push({ input, view, type });
    return { from: 'access', index };
  }

  /** Whether it is worth to be stored on the way: somebody outside this plan wants it, and will rather surely read it. */
  private isReadAgain(node: Deferred<S, I>): boolean {
    return (node.claimed || node.uses > node.within) && (node.kept || node.passed);
  }
}

/** Whether nobody outside the plan needs the node. */
function isLast<S extends object, I>({ claimed, uses, within }: Deferred<S, I>): boolean {
  return !claimed && uses === within;
}

/** The operand that most is left to compute of. */
export function largest<S extends object, I>({ operands }: Deferred<S, I>): Deferred<S, I> | null {
  let found: Deferred<S, I> | null = null;
  for (const { node } of operands) if (node.pending && (found === null || node.ops > found.ops)) found = node;
  return found;
}
