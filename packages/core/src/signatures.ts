import type { NestedLike } from './nested.ts';
import type { Tensor } from './tensor.ts';

// How ranks pass through functions, as in tfjs. Op files write plain tensors; what their callers see is made of these.

/**
 * The result of an op that has the rank of its first argument: callers see the type of that argument. Every other
 * `Tensor` that an op returns has the rank that its caller expects.
 */
export type SameRank = Tensor;

/** The result of a loss, of any rank. As in tfjs, the type arguments of losses are those of the labels and the result. */
export type Loss = Tensor;

/** The first argument and the result have one rank. */
export type OfSameRank<F> = F extends (x: infer _X, ...rest: infer P) => Tensor
  ? <T extends Tensor = Tensor>(x: T | NestedLike, ...rest: P) => T
  : never;

/** The tensors in a list and the result have one rank. */
export type OfSameRanks<F> = F extends (xs: infer _X, ...rest: infer P) => Tensor
  ? <T extends Tensor = Tensor>(tensors: readonly (T | NestedLike)[], ...rest: P) => T
  : never;

/** The caller says, or expects, the rank of the result. */
export type OfAnyRank<F> = F extends (...args: infer P) => Tensor
  ? <T extends Tensor = Tensor>(...args: P) => T
  : never;

/** As `OfAnyRank`, for losses. */
export type OfLoss<F> = F extends (...args: infer P) => Tensor
  ? <_T extends Tensor = Tensor, O extends Tensor = Tensor>(...args: P) => O
  : never;
