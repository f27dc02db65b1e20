import { type TensorLike, toTensor } from '../convert.ts';
import { aliasing } from '../dispatch.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { callable } from '../op/primitive.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';

export const aliasOp: OpFunction<readonly [x: Tensor], NoAttrs, Tensor> = callable(aliasing, true);

export const stopGradientOp: OpFunction<readonly [x: Tensor], NoAttrs, Tensor> = callable(
  { name: 'stopGradient', rule: null, saves: [], infer: (inputs) => inputs, shares: true },
  true,
);

/**
 * The same values under a handle of their own, connected to the tape. Shares the memory of `x`.
 * @example
 * clone([1, 2]).print(); // [1, 2]
 */
export function clone(x: TensorLike): SameRank {
  return aliasOp([toTensor('clone', x)], NO_ATTRS);
}

export const cloneSamples: Samples<typeof clone> = ({ uniform, bools }) => [
  [uniform([2, 3])],
  [uniform([0])],
  [uniform([])],
  [bools([2])],
];

export const cloneBadSamples: BadSamples<typeof clone> = ({ wrong }) => [
  { args: [wrong(null)], error: 'ArgumentError', names: ['clone', 'null'] },
];

/**
 * The same values as a constant: no derivative passes. Shares the memory of `x`.
 * @example
 * grad((x) => mul(x, stopGradient(x)))(3).print(); // 3
 */
export function stopGradient(x: TensorLike): SameRank {
  return stopGradientOp([toTensor('stopGradient', x)], NO_ATTRS);
}

export const stopGradientSamples: Samples<typeof stopGradient> = ({ uniform }) => [[uniform([2, 3])], [uniform([])]];

export const stopGradientBadSamples: BadSamples<typeof stopGradient> = ({ wrong }) => [
  { args: [wrong(undefined)], error: 'ArgumentError', names: ['stopGradient', 'undefined'] },
];
