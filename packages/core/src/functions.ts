export type { Backend, Block, Kernel, Output, Spec, Storage } from './backend.ts';
export { backendOf, type TensorLike, toTensor } from './convert.ts';
export { type DType, type DTypeArrays, type TypedArray, allocate, bytesPerElement, convertValues, isFloating, promoteTypes } from './dtype.ts';
export * from './errors.ts';
export * from './generated/ops.ts';
export { type KernelTable, kernelMap } from './kernels.ts';
export type { NestedLike, NestedValues } from './nested.ts';
export { type Dispatch, observe, type Route } from './observe.ts';
export { type Bilinear, bilinear } from './op/bilinear.ts';
export { type Composite, composite } from './op/composite.ts';
export { type Linear, linear } from './op/linear.ts';
export { type Cotangents, NO_ATTRS, type NoAttrs, type Op, type OpFunction, type Rule, type Saves } from './op/op.ts';
export { type Primitive, primitive } from './op/primitive.ts';
export { type Binary, type Pointwise, pointwise, type Unary } from './ops/pointwise.ts';
export {
  type BackendFactory,
  backendNames,
  currentBackend,
  defaultFloat,
  findBackend,
  getBackend,
  ready,
  registerBackend,
  registerGradient,
  registerKernel,
  removeBackend,
  setBackend,
  withGradient,
} from './registry.ts';
export {
  broadcastAxes,
  broadcastShapes,
  dropAxes,
  keepAxes,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
} from './shape.ts';
export { Tensor } from './tensor.ts';
