import { add, mul, sign, sub } from '@wengert/core';
import { decayed } from './adam.ts';
import { makeOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.ts';
import type { Schedule } from './schedules.ts';
import { checkSettings } from './settings.ts';

/** The settings of `lion`. */
export interface LionConfig extends OptimizerConfig {
  /** The share of the momentum in the direction of a step, in [0, 1). */
  readonly beta1: number;
  /** Decay of the momentum, in [0, 1). */
  readonly beta2: number;
  /** The share of a value that each step takes away, times the learning rate. */
  readonly weightDecay: number;
}

/**
 * Lion (Chen et al., 2023, algorithm 2): steps of one size, by the signs of a mean of momentum and gradient.
 * @throws ArgumentError where a decay is outside [0, 1) or a setting is no number.
 * @example
 * const x = variable([1, -2]);
 * lion(0.1).minimize(() => sum(mul(x, x)));
 * x.print(); // [0.9, -1.9]
 */
export function lion(
  learningRate: number | Schedule = 1e-4,
  beta1 = 0.9,
  beta2 = 0.99,
  weightDecay = 0,
): Optimizer<LionConfig> {
  checkSettings('Lion', { beta1, beta2 }, (decay) => decay >= 0 && decay < 1, 'in [0, 1)');
  checkSettings('Lion', { weightDecay }, (decay) => decay >= 0, 'not negative');
  return makeOptimizer({
    className: 'Lion',
    config: { learningRate, beta1, beta2, weightDecay },
    slots: ['m'],
    update({ value, gradient, m }, settings) {
      const direction = sign(decayed(m, gradient, settings.beta1));
      const step = add(direction, mul(value, settings.weightDecay));
      return { value: sub(value, mul(step, settings.learningRate)), m: decayed(m, gradient, settings.beta2) };
    },
  });
}
