/// <reference lib="esnext.disposable" preserve="true" />
export { ForwardAccumulator } from './accumulator.ts';
export type { Backend, Block, Kernel, Output, Spec, Storage } from './backend.ts';
export {
  type BackendFactory,
  backendNames,
  currentBackend,
  defaultFloat,
  findBackend,
  getBackend,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
} from './backends.ts';
export { ComplexTensor } from './complexTensor.ts';
export { backendOf, type TensorLike, toTensor } from './convert.ts';
export { buffer, TensorBuffer } from './create/buffer.ts';
export { fill, ones, zeros } from './create/fill.ts';
export {
  rand,
  randomGamma,
  randomNormal,
  randomStandardNormal,
  randomUniform,
  randomUniformInt,
  type Seed,
  setSeed,
  truncatedNormal,
} from './create/random.ts';
export { eye, linspace, range } from './create/sequences.ts';
export { scalar, tensor, tensor1d, tensor2d, tensor3d, tensor4d, tensor5d, tensor6d } from './create/tensor.ts';
export { type CustomGradients, type CustomGradResult, customGrad, type GradSaveFunc } from './customGrad.ts';
export { type Declaration, registeredOps, registerOp } from './declarations.ts';
export {
  allocate,
  bytesPerElement,
  convertValues,
  type DType,
  type DTypeArrays,
  isFloating,
  promoteTypes,
  type TypedArray,
} from './dtype.ts';
export { Environment, env } from './environment.ts';
export * from './errors.ts';
export * from './generated/ops.ts';
export type { DataFormat, DataFormat1d, DataFormat3d } from './imageBatch.ts';
export { type KernelTable, kernelMap } from './kernels.ts';
export * as fused from './namespaces/fused.ts';
export * as image from './namespaces/image.ts';
export * as linalg from './namespaces/linalg.ts';
export * as losses from './namespaces/losses.ts';
export * as math from './namespaces/math.ts';
export * as signal from './namespaces/signal.ts';
export * as sparse from './namespaces/sparse.ts';
export * as spectral from './namespaces/spectral.ts';
export * as util from './namespaces/util.ts';
export type { NestedLike, NestedValues } from './nested.ts';
export { nextFrame, print } from './nextFrame.ts';
export { type Dispatch, observe, type Route, reportFused } from './observe.ts';
export { type Bilinear, bilinear } from './op/bilinear.ts';
export { type Composite, composite } from './op/composite.ts';
export type { HostKernel, Values } from './op/host.ts';
export { type Linear, linear } from './op/linear.ts';
export { type Cotangents, NO_ATTRS, type NoAttrs, type Op, type OpFunction, type Rule, type Saves } from './op/op.ts';
export { type Primitive, primitive } from './op/primitive.ts';
export { Reduction } from './ops/nn/losses.ts';
export { type Binary, type Pointwise, pointwise, type Unary } from './ops/pointwise.ts';
export { type ProfiledKernel, type ProfileInfo, profile, type TimingInfo, time } from './profile.ts';
export { type ArrayMap, type Dims, Rank, type ShapeMap, type ShapeOf } from './rank.ts';
export {
  concat1d,
  concat2d,
  concat3d,
  concat4d,
  ensureShape,
  pad1d,
  pad2d,
  pad3d,
  pad4d,
  reverse1d,
  reverse2d,
  reverse3d,
  reverse4d,
  slice1d,
  slice2d,
  slice3d,
  slice4d,
} from './ranked.ts';
export { openRecorders } from './recorder.ts';
export { registerGradient, registerKernel, withGradient } from './registry.ts';
export { openScopes } from './scope.ts';
export {
  around,
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
export { GradientTape } from './tape.ts';
export type { GradientOptions, Gradients, TapeOptions, Unconnected } from './tapeOptions.ts';
export { Tensor } from './tensor.ts';
export * from './tfjsTypes.ts';
export { dispose, keep, type MemoryInfo, memory, Scope, tidy } from './tidy.ts';
export { to } from './to.ts';
export { checkNumerics } from './transforms/checkNumerics.ts';
export { checkpoint } from './transforms/checkpoint.ts';
export {
  type GradsAndVars,
  grad,
  grads,
  gradsAndVars,
  valueAndGrad,
  valueAndGrads,
  variableGrads,
} from './transforms/grad.ts';
export { hessian, hvp, type JacobianOptions, jacobian } from './transforms/jacobian.ts';
export { type AuxOptions, jvp, type LinearMap, linearize, type TreesOf, vjp } from './transforms/linearize.ts';
export type { MapTree, Tree } from './tree.ts';
export { disposeVariables, Variable, variable, variablesNamed } from './variable.ts';
export type { Padding, Pair, RoundingMode, Triple } from './window.ts';
