import {
  ArgumentError,
  DisposedError,
  dispose,
  gradsAndVars,
  stopGradient,
  type Tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zerosLike,
} from '@wengert/core';
import { type NamedTensors, pairsOf, type VariableGradients } from './gradients.ts';

/** What every optimizer can be set to. */
export interface OptimizerConfig {
  readonly learningRate: number;
}

/** An optimizer as a formula: what it keeps beside each variable and how it replaces the variable's value. */
export interface UpdateRule<C extends OptimizerConfig, S extends string> {
  /** tfjs's name of the class. */
  readonly className: string;
  readonly config: C;
  /** The names of the tensors that are kept for each variable, in its shape; zeros at first. */
  readonly slots: readonly S[];
  /** The new value and slots, in ops; `step` counts from 1. What it leaves behind is disposed. */
  update(state: Record<'value' | 'gradient' | S, Tensor>, config: C, step: number): Record<'value' | S, Tensor>;
}

/** Changes variables so that a cost falls; made by `train.adam` and the like. */
export interface Optimizer<C extends OptimizerConfig = OptimizerConfig> {
  /** How often gradients have been applied. */
  readonly iterations: number;
  /**
   * Takes one step down the scalar `f()`, over `varList` or all trainable variables that `f` reads. Returns the cost
   * before the step where `returnCost` is true, else null. Variables that the cost does not depend on stay as they are.
   */
  minimize(f: () => Tensor, returnCost: true, varList?: readonly Variable[]): Tensor;
  minimize(f: () => Tensor, returnCost?: boolean, varList?: readonly Variable[]): Tensor | null;
  /** The value of the scalar `f()` and its gradients by variable name, for `applyGradients`. */
  computeGradients(f: () => Tensor, varList?: readonly Variable[]): { value: Tensor; grads: NamedTensors };
  /**
   * Takes one step along given gradients, which stay the caller's. Before anything changes it throws `ArgumentError` for
   * a variable that is unknown or named twice, `GradientError` for a missing gradient, and `ShapeError` or `DTypeError`
   * for one that does not fit.
   */
  applyGradients(gradients: VariableGradients): void;
  setLearningRate(learningRate: number): void;
  getConfig(): C;
  getClassName(): string;
  /** Gives up what is kept for the variables. Further steps throw `DisposedError`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Throws `ArgumentError` unless all settings are finite numbers that hold `condition`. */
export function checkSettings(
  optimizer: string,
  settings: Readonly<Record<string, number>>,
  condition: (value: number) => boolean,
  wanted: string,
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isFinite(value) || !condition(value)) {
      throw new ArgumentError(`${optimizer}: ${name} must be a finite number, ${wanted}; got ${value}`);
    }
  }
}

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
  let config = checked(rule.config);
  let iterations = 0;
  let disposed = false;

  function checked(wanted: C): C {
    checkSettings(className, { learningRate: wanted.learningRate }, (rate) => rate >= 0, 'not negative');
    return wanted;
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
    const made = Object.fromEntries(
      slots.map((slot) => [slot, variable(zerosLike(v), false, `${v.name}/${className}/${slot}`)]),
    ) as Record<S, Variable>;
    kept.set(v, made);
    return made;
  }

  /** Open tapes must not see this: a step is no part of what anybody differentiates. */
  function update(gradient: Tensor, v: Variable): void {
    tidy(() => {
      const held = slotsOf(v);
      const state = { ...held, value: stopGradient(v), gradient: stopGradient(gradient) };
      const next = rule.update(state, config, iterations);
      for (const slot of slots) held[slot].assign(next[slot]);
      v.assign(next.value);
    });
  }

  function minimize(f: () => Tensor, returnCost: true, varList?: readonly Variable[]): Tensor;
  function minimize(f: () => Tensor, returnCost?: boolean, varList?: readonly Variable[]): Tensor | null;
  function minimize(f: () => Tensor, returnCost = false, varList?: readonly Variable[]): Tensor | null {
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
    iterations++;
    for (const [gradient, v] of pairs) update(gradient, v);
  }

  function end(): void {
    disposed = true;
    for (const held of kept.values()) dispose(held);
    kept.clear();
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
    getConfig: () => ({ ...config }),
    getClassName: () => className,
    dispose: end,
    [Symbol.dispose]: end,
  };
}
