import { add, div, mul, sqrt, square, sub } from '@wengert/core';
import { checkSettings, makeOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.ts';

/** The settings of `adam`. */
export interface AdamConfig extends OptimizerConfig {
  /** Decay of the mean of the gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of the squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second mean. */
  readonly epsilon: number;
}

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
export function adam(learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7): Optimizer<AdamConfig> {
  checkSettings('Adam', { beta1, beta2 }, (decay) => decay >= 0 && decay < 1, 'in [0, 1)');
  checkSettings('Adam', { epsilon }, (e) => e >= 0, 'not negative');
  return makeOptimizer({
    className: 'Adam',
    config: { learningRate, beta1, beta2, epsilon },
    slots: ['firstMoment', 'secondMoment'],
    update({ value, gradient, firstMoment, secondMoment }, config, step) {
      const mean = add(mul(firstMoment, config.beta1), mul(gradient, 1 - config.beta1));
      const meanSquare = add(mul(secondMoment, config.beta2), mul(square(gradient), 1 - config.beta2));
      const direction = div(mean, 1 - config.beta1 ** step);
      const scale = add(sqrt(div(meanSquare, 1 - config.beta2 ** step)), config.epsilon);
      return {
        value: sub(value, mul(div(direction, scale), config.learningRate)),
        firstMoment: mean,
        secondMoment: meanSquare,
      };
    },
  });
}
