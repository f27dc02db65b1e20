/// <reference lib="esnext.disposable" preserve="true" />
export { type AdamaxConfig, type AdamConfig, type AdamWConfig, adam, adamax, adamw } from './adam.ts';
export {
  type AdadeltaConfig,
  type AdagradConfig,
  adadelta,
  adagrad,
  type RmspropConfig,
  rmsprop,
} from './adaptive.ts';
export {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  type OptimizerClass,
  RMSPropOptimizer,
  SGDOptimizer,
} from './classes.ts';
export {
  clipGradientsByGlobalNorm,
  clipGradientsByNorm,
  clipGradientsByValue,
  type GradientTree,
} from './clipping.ts';
export type { NamedTensor, NamedTensors, VariableGradients } from './gradients.ts';
export { type LionConfig, lion } from './lion.ts';
export { makeOptimizer, Optimizer, type OptimizerConfig, type StepConfig, type UpdateRule } from './optimizer.ts';
export type { Schedule } from './schedules.ts';
export * as schedules from './schedules.ts';
export { type MomentumConfig, momentum, type SgdConfig, sgd } from './sgd.ts';
export { train } from './train.ts';
