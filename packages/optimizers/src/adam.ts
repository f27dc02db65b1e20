import { abs, add, div, maximum, mul, sqrt, square, sub, type Tensor } from '@wengert/core';
import { makeOptimizer, type Optimizer, type OptimizerConfig, type UpdateRule } from './optimizer.ts';
import type { Schedule } from './schedules.ts';
import { checkSettings } from './settings.ts';

/** The settings of `adam`. */
export interface AdamConfig extends OptimizerConfig {
  /** Decay of the mean of the gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of the squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second mean. */
  readonly epsilon: number;
}

/** The settings of `adamw`. */
export interface AdamWConfig extends AdamConfig {
  /** The share of a value that each step takes away, times the learning rate. */
  readonly weightDecay: number;
}

/** The settings of `adamax`. */
export interface AdamaxConfig extends AdamConfig {
  /** The learning rate of the step after n is divided by 1 + decay * n. */
  readonly decay: number;
}

/** What optimizers add to denominators where they are told nothing, as tfjs. */
export const EPSILON = 1e-7;

const SLOTS = ['m', 'v'] as const;

type Moments = UpdateRule<AdamConfig, (typeof SLOTS)[number]>;

function checkMoments<C extends AdamConfig>(optimizer: string, config: C): C {
  const { beta1, beta2, epsilon } = config;
  checkSettings(optimizer, { beta1, beta2 }, (decay) => decay >= 0 && decay < 1, 'in [0, 1)');
  checkSettings(optimizer, { epsilon }, (e) => e >= 0, 'not negative');
  return config;
}

/** The decayed mean of what was seen so far and `x`. */
export function decayed(mean: Tensor, x: Tensor, decay: number): Tensor {
  return add(mul(mean, decay), mul(x, 1 - decay));
}

const adamStep: Moments['update'] = ({ value, gradient, m, v }, config, step) => {
  const [mean, meanSquare] = [decayed(m, gradient, config.beta1), decayed(v, square(gradient), config.beta2)];
  const direction = div(mean, 1 - config.beta1 ** step);
  const scale = add(sqrt(div(meanSquare, 1 - config.beta2 ** step)), config.epsilon);
  return { value: sub(value, mul(div(direction, scale), config.learningRate)), m: mean, v: meanSquare };
};

/**
 * Adam (Kingma and Ba, 2015, algorithm 1): steps along the decayed mean of the gradients over the root of that of their
 * squares, both corrected for starting at zero.
 * @throws ArgumentError where a decay is outside [0, 1) or a setting is no number.
 * @example
 * const x = variable(1);
 * const optimizer = adam(0.1);
 * for (let i = 0; i < 100; i++) optimizer.minimize(() => mul(x, x));
 * console.log(Math.abs(x.item()) < 0.1); // true
 */
export function adam(
  learningRate: number | Schedule = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon: number | null = null,
): Optimizer<AdamConfig> {
  const config = checkMoments('Adam', { learningRate, beta1, beta2, epsilon: epsilon ?? EPSILON });
  return makeOptimizer({ className: 'Adam', config, slots: SLOTS, update: adamStep });
}

/**
 * AdamW (Loshchilov and Hutter, 2019, algorithm 2): Adam, and beside it the values shrink by learningRate * weightDecay.
 * @throws ArgumentError where a decay is outside [0, 1) or a setting is no number.
 * @example
 * const x = variable(1);
 * adamw(0.1, 0.9, 0.999, 1e-7, 0.5).minimize(() => mul(x, 0));
 * x.print(); // 0.95
 */
export function adamw(
  learningRate: number | Schedule = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon: number | null = null,
  weightDecay = 0.004,
): Optimizer<AdamWConfig> {
  checkSettings('AdamW', { weightDecay }, (decay) => decay >= 0, 'not negative');
  const config = checkMoments('AdamW', { learningRate, beta1, beta2, epsilon: epsilon ?? EPSILON, weightDecay });
  return makeOptimizer({
    className: 'AdamW',
    config,
    slots: SLOTS,
    update(state, settings, step) {
      const value = mul(state.value, 1 - settings.learningRate * settings.weightDecay);
      return adamStep({ ...state, value }, settings, step);
    },
  });
}

/**
 * Adamax (Kingma and Ba, 2015, algorithm 2): as Adam, over the decayed largest magnitude of the gradients.
 * @throws ArgumentError where a decay is outside [0, 1) or a setting is no number.
 * @example
 * const x = variable(2);
 * adamax(0.1).minimize(() => mul(x, x));
 * x.print(); // 1.9
 */
export function adamax(
  learningRate: number | Schedule = 0.002,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon: number | null = null,
  decay = 0,
): Optimizer<AdamaxConfig> {
  checkSettings('Adamax', { decay }, (value) => value >= 0, 'not negative');
  const config = checkMoments('Adamax', { learningRate, beta1, beta2, epsilon: epsilon ?? EPSILON, decay });
  return makeOptimizer({
    className: 'Adamax',
    config,
    slots: SLOTS,
    update({ value, gradient, m, v }, settings, step) {
      const mean = decayed(m, gradient, settings.beta1);
      const largest = maximum(mul(v, settings.beta2), abs(gradient));
      const rate = settings.learningRate / (1 + settings.decay * (step - 1)) / (1 - settings.beta1 ** step);
      return { value: sub(value, mul(div(mean, add(largest, settings.epsilon)), rate)), m: mean, v: largest };
    },
  });
}
