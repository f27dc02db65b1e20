import { add, div, mul, sqrt, square, sub, type Tensor } from '@wengert/core';
import { decayed, EPSILON } from './adam.ts';
import { makeOptimizer, type Optimizer, type OptimizerConfig, type StepConfig } from './optimizer.ts';
import type { Schedule } from './schedules.ts';
import { checkSettings } from './settings.ts';

const positive = (value: number): boolean => value >= 0;
const share = (value: number): boolean => value >= 0 && value <= 1;

/** The settings of `adagrad`. */
export interface AdagradConfig extends OptimizerConfig {
  /** What the sums of squared gradients begin with. */
  readonly initialAccumulatorValue: number;
}

/**
 * Adagrad (Duchi, Hazan and Singer, 2011): learningRate * gradient over the root of the sum of all squared gradients.
 * @throws ArgumentError where a setting is no number.
 * @example
 * const x = variable(1);
 * adagrad(0.1).minimize(() => mul(x, x));
 * x.print(); // 0.901227
 */
export function adagrad(learningRate: number | Schedule, initialAccumulatorValue = 0.1): Optimizer<AdagradConfig> {
  checkSettings('Adagrad', { initialAccumulatorValue }, positive, 'not negative');
  return makeOptimizer({
    className: 'Adagrad',
    config: { learningRate, initialAccumulatorValue },
    slots: ['accumulator'],
    initial: initialAccumulatorValue,
    update({ value, gradient, accumulator }, config) {
      const total = add(accumulator, square(gradient));
      const step = div(gradient, sqrt(add(total, EPSILON)));
      return { value: sub(value, mul(step, config.learningRate)), accumulator: total };
    },
  });
}

/** The settings of `adadelta`. */
export interface AdadeltaConfig extends OptimizerConfig {
  /** Decay of the means of squares. */
  readonly rho: number;
  /** Added to the means before their roots are taken. */
  readonly epsilon: number;
}

/**
 * Adadelta (Zeiler, 2012) in the form of tfjs: learningRate * gradient times the root of the decayed mean of the squared
 * steps over that of the squared gradients, both from before this gradient.
 * @throws ArgumentError where a setting is no number.
 * @example
 * const x = variable(1);
 * adadelta(0.1).minimize(() => mul(x, x));
 * x.print(); // 0.8
 */
export function adadelta(
  learningRate: number | Schedule = 0.001,
  rho = 0.95,
  epsilon: number | null = null,
): Optimizer<AdadeltaConfig> {
  const config = { learningRate, rho, epsilon: epsilon ?? EPSILON };
  checkSettings('Adadelta', { rho }, share, 'in [0, 1]');
  checkSettings('Adadelta', { epsilon: config.epsilon }, positive, 'not negative');
  return makeOptimizer({
    className: 'Adadelta',
    config,
    slots: ['accum_grad', 'accum_var'],
    update({ value, gradient, accum_grad: squares, accum_var: steps }, settings) {
      const [top, bottom] = [steps, squares].map((mean) => sqrt(add(mean, settings.epsilon)));
      const step = mul(div(top, bottom), gradient);
      return {
        value: sub(value, mul(step, settings.learningRate)),
        accum_grad: decayed(squares, square(gradient), settings.rho),
        accum_var: decayed(steps, square(step), settings.rho),
      };
    },
  });
}

/** The settings of `rmsprop`. */
export interface RmspropConfig extends OptimizerConfig {
  /** Decay of the means. */
  readonly decay: number;
  /** The share of the last step that goes into the next one. */
  readonly momentum: number;
  /** Added to the mean before its root is taken. */
  readonly epsilon: number;
  /** Divides by the root of the variance of the gradients instead of their mean square. */
  readonly centered: boolean;
}

/**
 * RMSProp (Hinton, 2012; centered: Graves, 2013): learningRate * gradient over the root of the decayed mean of the
 * squared gradients, with momentum.
 * @throws ArgumentError where a setting is no number.
 * @example
 * const x = variable(1);
 * rmsprop(0.1).minimize(() => mul(x, x));
 * x.print(); // 0.683772
 */
export function rmsprop(
  learningRate: number | Schedule,
  decay = 0.9,
  momentum = 0,
  epsilon: number | null = null,
  centered = false,
): Optimizer<RmspropConfig> {
  const config = { learningRate, decay, momentum, epsilon: epsilon ?? EPSILON, centered };
  checkSettings('RMSProp', { decay }, share, 'in [0, 1]');
  checkSettings('RMSProp', { momentum, epsilon: config.epsilon }, positive, 'not negative');
  const common = { className: 'RMSProp', config } as const;
  if (!centered) {
    return makeOptimizer({
      ...common,
      slots: ['rms', 'momentum'],
      update: (state, settings) => rmspropStep(state, null, settings),
    });
  }
  return makeOptimizer({
    ...common,
    slots: ['rms', 'momentum', 'mg'],
    update(state, settings) {
      const mean = decayed(state.mg, state.gradient, settings.decay);
      return { ...rmspropStep(state, mean, settings), mg: mean };
    },
  });
}

function rmspropStep(
  { value, gradient, rms, momentum }: Record<'value' | 'gradient' | 'rms' | 'momentum', Tensor>,
  mean: Tensor | null,
  settings: StepConfig<RmspropConfig>,
): Record<'value' | 'rms' | 'momentum', Tensor> {
  const squares = decayed(rms, square(gradient), settings.decay);
  const spread = mean === null ? squares : sub(squares, square(mean));
  const step = div(mul(gradient, settings.learningRate), sqrt(add(spread, settings.epsilon)));
  const next = add(mul(momentum, settings.momentum), step);
  return { value: sub(value, next), rms: squares, momentum: next };
}
