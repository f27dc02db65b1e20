import {
  ArgumentError,
  add,
  cast,
  clone,
  DisposedError,
  dispose,
  gradsAndVars,
  keep,
  type Scalar,
  ShapeError,
  sameShape,
  scalar,
  showShape,
  stopGradient,
  type Tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zerosLike,
} from '@wengert/core';
import { type NamedTensor, type NamedTensors, pairsOf, type VariableGradients } from './gradients.ts';
import type { Schedule } from './schedules.ts';
import { checkSettings } from './settings.ts';

/** What every optimizer can be set to. */
export interface OptimizerConfig {
  readonly learningRate: number | Schedule;
}

/** The settings of one step, in which the schedule has been asked. */
export type StepConfig<C extends OptimizerConfig> = Omit<C, 'learningRate'> & { readonly learningRate: number };

/** An optimizer as a formula: what it keeps beside each variable and how it replaces the variable's value. */
export interface UpdateRule<C extends OptimizerConfig, S extends string> {
  /** tfjs's name of the class. */
  readonly className: string;
  readonly config: C;
  /** The names of the tensors that are kept for each variable, in its shape: tfjs's, by which they are saved. */
  readonly slots: readonly S[];
  /** What the slots are filled with at first. Default: 0. */
  readonly initial?: number;
  /** The new value and slots, in ops; `step` counts from 1. What it leaves behind is disposed. */
  update(
    state: Record<'value' | 'gradient' | S, Tensor>,
    config: StepConfig<C>,
    step: number,
  ): Record<'value' | S, Tensor>;
}

/** Changes variables so that a cost falls; made by `train.adam` and the like. */
export interface Optimizer<C extends OptimizerConfig = OptimizerConfig> {
  /** How often gradients have been applied. */
  readonly iterations: number;
  /**
   * Takes one step down the scalar `f()`, over `varList` or all trainable variables that `f` reads. Returns the cost
   * before the step where `returnCost` is true, else null. Variables that the cost does not depend on stay as they are.
   */
  minimize(f: () => Tensor, returnCost: true, varList?: readonly Variable[]): Scalar;
  minimize(f: () => Tensor, returnCost?: boolean, varList?: readonly Variable[]): Scalar | null;
  /** The value of the scalar `f()` and its gradients by variable name, for `applyGradients`. */
  computeGradients(f: () => Tensor, varList?: readonly Variable[]): { value: Scalar; grads: NamedTensors };
  /**
   * Takes one step along given gradients, which stay the caller's. Before anything changes it throws `ArgumentError` for
   * a variable that is unknown or named twice, `GradientError` for a missing gradient, and `ShapeError` or `DTypeError`
   * for one that does not fit.
   */
  applyGradients(gradients: VariableGradients): void;
  setLearningRate(learningRate: number | Schedule): void;
  /** The number of steps, as 'iter', and what is kept for the variables, as 'name/slot': copies for the caller. */
  getWeights(): Promise<NamedTensor[]>;
  /**
   * Goes on from what `getWeights` gave, for variables of the same names. Throws `ArgumentError` where 'iter' is not the
   * first; a step throws `ShapeError` where what was saved does not fit its variable.
   */
  setWeights(weights: readonly NamedTensor[]): Promise<void>;
  getConfig(): C;
  getClassName(): string;
  /** Gives up what is kept for the variables. Further steps throw `DisposedError`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** What `instanceof Optimizer` asks, as in tfjs: whether something has an optimizer's methods. */
export const Optimizer: { [Symbol.hasInstance](value: unknown): boolean } = {
  [Symbol.hasInstance](value) {
    const names = ['minimize', 'computeGradients', 'applyGradients'];
    return typeof value === 'object' && value !== null && names.every((name) => name in value);
  },
};

/**
 * An optimizer that follows `rule`; the way to an optimizer of one's own.
 * @example
 * const signDescent = makeOptimizer({
 *   className: 'SignDescent',
 *   config: { learningRate: 0.5 },
 *   slots: [],
 *   update: ({ value, gradient }, { learningRate }) => ({ value: value.sub(gradient.sign().mul(learningRate)) }),
 * });
 * const x = variable(3);
 * signDescent.minimize(() => x.square());
 * x.print(); // 2.5
 */
export function makeOptimizer<C extends OptimizerConfig, S extends string>(rule: UpdateRule<C, S>): Optimizer<C> {
  const { className, slots } = rule;
  const kept = new Map<Variable, Record<S, Variable>>();
  const restored = new Map<string, Tensor>();
  let config = checked(rule.config);
  let iterations = 0;
  let disposed = false;

  function checked(wanted: C): C {
    rateAt(wanted, 0);
    return wanted;
  }

  function rateAt({ learningRate }: C, step: number): number {
    const rate = typeof learningRate === 'function' ? learningRate(step) : learningRate;
    checkSettings(className, { learningRate: rate }, (value) => value >= 0, 'not negative');
    return rate;
  }

  function alive(action: string): void {
    if (disposed) throw new DisposedError(`${className}.${action}: this optimizer is disposed; make a new one`);
  }

  function slotsOf(v: Variable): Record<S, Variable> {
    const known = kept.get(v);
    if (known !== undefined) return known;
    for (const [other, held] of kept) {
      if (!other.isDisposed) continue;
      dispose(held);
      kept.delete(other);
    }
    const made = Object.fromEntries(slots.map((slot) => [slot, slotFor(v, slot)])) as Record<S, Variable>;
    kept.set(v, made);
    return made;
  }

  function slotFor(v: Variable, slot: S): Variable {
    const name = `${v.name}/${slot}`;
    const start = restored.get(name) ?? add(zerosLike(v), rule.initial ?? 0);
    if (!sameShape(start.shape, v.shape)) {
      throw new ShapeError(
        `${className}: '${name}' was saved with shape ${showShape(start.shape)}, its variable has ${showShape(v.shape)}`,
      );
    }
    const held = variable(cast(start, v.dtype), false, name);
    restored.get(name)?.dispose();
    restored.delete(name);
    return held;
  }

  /** Open tapes must not see this: a step is no part of what anybody differentiates. */
  function update(gradient: Tensor, v: Variable, settings: StepConfig<C>): void {
    tidy(() => {
      const held = slotsOf(v);
      const state = { ...held, value: stopGradient(v), gradient: stopGradient(gradient) };
      const next = rule.update(state, settings, iterations);
      for (const slot of slots) held[slot].assign(next[slot]);
      v.assign(next.value);
    });
  }

  function minimize(f: () => Tensor, returnCost: true, varList?: readonly Variable[]): Scalar;
  function minimize(f: () => Tensor, returnCost?: boolean, varList?: readonly Variable[]): Scalar | null;
  function minimize(f: () => Tensor, returnCost = false, varList?: readonly Variable[]): Scalar | null {
    alive('minimize');
    const { value, gradsAndVars: pairs } = gradsAndVars(f, varList);
    try {
      step(pairs);
    } finally {
      for (const [gradient] of pairs) gradient.dispose();
      if (!returnCost) value.dispose();
    }
    return returnCost ? value : null;
  }

  function step(pairs: readonly (readonly [Tensor, Variable])[]): void {
    const settings = { ...config, learningRate: rateAt(config, iterations) };
    iterations++;
    for (const [gradient, v] of pairs) update(gradient, v, settings);
  }

  function end(): void {
    disposed = true;
    forget();
  }

  function forget(): void {
    for (const held of [...kept.values(), ...restored.values()]) dispose(held);
    kept.clear();
    restored.clear();
  }

  function saved(): NamedTensor[] {
    const variables = [...kept].filter(([v]) => !v.isDisposed);
    const held = slots.flatMap((slot) =>
      variables.map(([v, own]) => ({ name: `${v.name}/${slot}`, tensor: clone(own[slot]) })),
    );
    return [{ name: 'iter', tensor: scalar(iterations, 'int32') }, ...held];
  }

  async function restore([first, ...rest]: readonly NamedTensor[]): Promise<void> {
    if (first?.name !== 'iter') {
      throw new ArgumentError(`${className}.setWeights: the first must be 'iter', got '${String(first?.name)}'`);
    }
    const copies = rest.map(({ name, tensor }) => [name, keep(clone(tensor))] as const);
    const [count] = await first.tensor.data();
    forget();
    iterations = count;
    for (const [name, copy] of copies) restored.set(name, copy);
  }

  return {
    get iterations() {
      return iterations;
    },
    minimize,
    computeGradients(f, varList) {
      alive('computeGradients');
      return variableGrads(f, varList);
    },
    applyGradients(gradients) {
      alive('applyGradients');
      step(pairsOf(`${className}.applyGradients`, gradients));
    },
    setLearningRate(learningRate) {
      config = checked({ ...config, learningRate });
    },
    async getWeights() {
      alive('getWeights');
      return saved();
    },
    async setWeights(weights) {
      alive('setWeights');
      await restore(weights);
    },
    getConfig: () => ({ ...config }),
    getClassName: () => className,
    dispose: end,
    [Symbol.dispose]: end,
  };
}
