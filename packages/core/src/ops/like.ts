import type { Spec } from '../backend.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { filled } from '../create/fill.ts';
import { zerosOf } from '../create/host.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { callable } from '../op/primitive.ts';
import { refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';

/** Ops, and not mere constants, so that transforms see what they were made from. */
/* @__NO_SIDE_EFFECTS__ */
function constantLike(name: string, make: (x: Tensor) => Tensor): OpFunction<readonly [x: Tensor], NoAttrs, Tensor> {
  const infer = ([{ shape, dtype }]: readonly Spec[]): Spec[] => [{ shape, dtype }];
  return callable({ name, rule: null, saves: [], infer, compose: ([x]) => [make(x)] }, true);
}

export const zerosLikeOp: OpFunction<readonly [x: Tensor], NoAttrs, Tensor> = constantLike('zerosLike', (x) =>
  zerosOf(x.backend, x),
);

export const onesLikeOp: OpFunction<readonly [x: Tensor], NoAttrs, Tensor> = constantLike('onesLike', (x) =>
  filled(x.backend, x, 1),
);

/**
 * Zeros in the shape, dtype and backend of `x`.
 * @example
 * zerosLike([[1, 2]]).print(); // [[0, 0]]
 */
export function zerosLike(x: TensorLike): SameRank {
  return zerosLikeOp([toTensor('zerosLike', x)], NO_ATTRS);
}

/**
 * Ones in the shape, dtype and backend of `x`.
 * @example
 * onesLike([[1, 2]]).print(); // [[1, 1]]
 */
export function onesLike(x: TensorLike): SameRank {
  return onesLikeOp([toTensor('onesLike', x)], NO_ATTRS);
}

const samples: Samples<typeof zerosLike> = ({ uniform, bools, indices }) => [
  [uniform([2, 3])],
  [uniform([0])],
  [uniform([])],
  [indices([3], 4)],
  [bools([2])],
];

export const zerosLikeSamples: Samples<typeof zerosLike> = samples;
export const onesLikeSamples: Samples<typeof onesLike> = samples;

export const zerosLikeBadSamples: BadSamples<typeof zerosLike> = refusedByUnary('zerosLike');
export const onesLikeBadSamples: BadSamples<typeof onesLike> = refusedByUnary('onesLike');
