import { mul, sub } from '@wengert/core';
import { makeOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.ts';

/** The settings of `sgd`. */
export type SgdConfig = OptimizerConfig;

/**
 * Stochastic gradient descent: value - learningRate * gradient.
 * @example
 * const x = variable(1);
 * sgd(0.25).minimize(() => mul(x, x));
 * x.print(); // 0.5
 */
export function sgd(learningRate: number): Optimizer<SgdConfig> {
  return makeOptimizer({
    className: 'SGD',
    config: { learningRate },
    slots: [],
    update: ({ value, gradient }, config) => ({ value: sub(value, mul(gradient, config.learningRate)) }),
  });
}
