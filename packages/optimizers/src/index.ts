export { type AdamConfig, adam } from './adam.ts';
export type { NamedTensor, NamedTensors, VariableGradients } from './gradients.ts';
export { makeOptimizer, type Optimizer, type OptimizerConfig, type UpdateRule } from './optimizer.ts';
export { type SgdConfig, sgd } from './sgd.ts';
export { train } from './train.ts';
