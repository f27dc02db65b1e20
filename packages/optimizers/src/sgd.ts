import { add, mul, sub } from '@wengert/core';
import { makeOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.ts';
import type { Schedule } from './schedules.ts';
import { checkSettings } from './settings.ts';

/** The settings of `sgd`. */
export type SgdConfig = OptimizerConfig;

/**
 * Stochastic gradient descent: value - learningRate * gradient.
 * @example
 * const x = variable(1);
 * sgd(0.25).minimize(() => mul(x, x));
 * x.print(); // 0.5
 */
export function sgd(learningRate: number | Schedule): Optimizer<SgdConfig> {
  return makeOptimizer({
    className: 'SGD',
    config: { learningRate },
    slots: [],
    update: ({ value, gradient }, config) => ({ value: sub(value, mul(gradient, config.learningRate)) }),
  });
}

/** The settings of `momentum`. */
export interface MomentumConfig extends OptimizerConfig {
  /** The share of the last step that goes into the next one. */
  readonly momentum: number;
  /** The gradient counts as if it were taken where the momentum leads. */
  readonly useNesterov: boolean;
}

/**
 * Gradient descent with momentum (Sutskever et al., 2013, in the form of tfjs): the accumulation is
 * momentum * accumulation + gradient, the step learningRate times it, or times momentum * accumulation + gradient with
 * the new one where `useNesterov`.
 * @throws ArgumentError where a setting is no number.
 * @example
 * const x = variable(1);
 * const optimizer = momentum(0.1, 0.5);
 * for (let i = 0; i < 2; i++) optimizer.minimize(() => mul(x, x));
 * x.print(); // 0.54
 */
export function momentum(
  learningRate: number | Schedule,
  momentum: number,
  useNesterov = false,
): Optimizer<MomentumConfig> {
  checkSettings('Momentum', { momentum }, (m) => m >= 0, 'not negative');
  return makeOptimizer({
    className: 'Momentum',
    config: { learningRate, momentum, useNesterov },
    slots: ['momentum'],
    update({ value, gradient, momentum: accumulation }, config) {
      const next = add(mul(accumulation, config.momentum), gradient);
      const direction = config.useNesterov ? add(mul(next, config.momentum), gradient) : next;
      return { value: sub(value, mul(direction, config.learningRate)), momentum: next };
    },
  });
}
