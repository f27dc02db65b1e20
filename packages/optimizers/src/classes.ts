import { type AdamaxConfig, type AdamConfig, adam, adamax } from './adam.ts';
import { type AdadeltaConfig, type AdagradConfig, adadelta, adagrad, type RmspropConfig, rmsprop } from './adaptive.ts';
import { Optimizer, type OptimizerConfig } from './optimizer.ts';
import { type MomentumConfig, momentum, type SgdConfig, sgd } from './sgd.ts';

/** One of tfjs's classes of optimizers: another way to make what its function in `train` makes. */
export interface OptimizerClass<C extends OptimizerConfig, A extends readonly unknown[]> {
  new (...settings: A): Optimizer<C>;
  /** The optimizer with the settings that `getConfig` gave; as in tfjs the class comes first. */
  fromConfig(cls: unknown, config: C): Optimizer<C>;
  [Symbol.hasInstance](value: unknown): boolean;
}

/* @__NO_SIDE_EFFECTS__ */
function optimizerClass<C extends OptimizerConfig, A extends readonly unknown[]>(
  className: string,
  make: (...settings: A) => Optimizer<C>,
  settingsOf: (config: C) => NoInfer<A>,
): OptimizerClass<C, A> {
  return class {
    constructor(...settings: A) {
      // biome-ignore lint/correctness/noConstructorReturn: optimizers are made by functions, and `new` gives these
      return make(...settings);
    }

    static fromConfig(_cls: unknown, config: C): Optimizer<C> {
      return make(...settingsOf(config));
    }

    static [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Optimizer && (value as Optimizer).getClassName() === className;
    }
  } as OptimizerClass<C, A>;
}

/** tfjs's class of `train.sgd`. */
export type SGDOptimizer = Optimizer<SgdConfig>;

/** tfjs's class of `train.sgd`. */
export const SGDOptimizer: OptimizerClass<SgdConfig, Parameters<typeof sgd>> = optimizerClass('SGD', sgd, (c) => [
  c.learningRate,
]);

/** tfjs's class of `train.momentum`. */
export type MomentumOptimizer = Optimizer<MomentumConfig>;

/** tfjs's class of `train.momentum`. */
export const MomentumOptimizer: OptimizerClass<MomentumConfig, Parameters<typeof momentum>> = optimizerClass(
  'Momentum',
  momentum,
  (c) => [c.learningRate, c.momentum, c.useNesterov],
);

/** tfjs's class of `train.adagrad`. */
export type AdagradOptimizer = Optimizer<AdagradConfig>;

/** tfjs's class of `train.adagrad`. */
export const AdagradOptimizer: OptimizerClass<AdagradConfig, Parameters<typeof adagrad>> = optimizerClass(
  'Adagrad',
  adagrad,
  (c) => [c.learningRate, c.initialAccumulatorValue],
);

/** tfjs's class of `train.adadelta`. */
export type AdadeltaOptimizer = Optimizer<AdadeltaConfig>;

/** tfjs's class of `train.adadelta`. */
export const AdadeltaOptimizer: OptimizerClass<AdadeltaConfig, Parameters<typeof adadelta>> = optimizerClass(
  'Adadelta',
  adadelta,
  (c) => [c.learningRate, c.rho, c.epsilon],
);

/** tfjs's class of `train.rmsprop`. */
export type RMSPropOptimizer = Optimizer<RmspropConfig>;

/** tfjs's class of `train.rmsprop`. */
export const RMSPropOptimizer: OptimizerClass<RmspropConfig, Parameters<typeof rmsprop>> = optimizerClass(
  'RMSProp',
  rmsprop,
  (c) => [c.learningRate, c.decay, c.momentum, c.epsilon, c.centered],
);

/** tfjs's class of `train.adam`. */
export type AdamOptimizer = Optimizer<AdamConfig>;

/** tfjs's class of `train.adam`. */
export const AdamOptimizer: OptimizerClass<AdamConfig, Parameters<typeof adam>> = optimizerClass('Adam', adam, (c) => [
  c.learningRate,
  c.beta1,
  c.beta2,
  c.epsilon,
]);

/** tfjs's class of `train.adamax`. */
export type AdamaxOptimizer = Optimizer<AdamaxConfig>;

/** tfjs's class of `train.adamax`. */
export const AdamaxOptimizer: OptimizerClass<AdamaxConfig, Parameters<typeof adamax>> = optimizerClass(
  'Adamax',
  adamax,
  (c) => [c.learningRate, c.beta1, c.beta2, c.epsilon, c.decay],
);
