import type { TensorLike } from './convert.ts';
import type { Tensor } from './tensor.ts';

/** The arguments of a function after the first. */
export type Rest<F> = F extends (x: infer _X, ...rest: infer P) => unknown ? P : never;

/** A function whose first argument is a tensor, as a method of that tensor. */
export type Method<F> = F extends (x: infer _X, ...rest: infer P) => infer O ? (...rest: P) => O : never;

/** As `Method`, where the result has the tensor's rank. */
export type SameRankMethod<F> = F extends (x: infer _X, ...rest: infer P) => Tensor
  ? <T extends Tensor = Tensor>(this: T, ...rest: P) => T
  : never;

/** As `Method`, where the caller says, or expects, the rank of the result. */
export type AnyRankMethod<F> = F extends (x: infer _X, ...rest: infer P) => Tensor
  ? <T extends Tensor = Tensor>(...rest: P) => T
  : never;

/** A function whose first argument is a list of tensors, as a method of the first of them. */
export type ListMethod<F> = F extends (xs: infer _X, ...rest: infer P) => Tensor
  ? <T extends Tensor = Tensor>(others: TensorLike | readonly TensorLike[], ...rest: P) => T
  : never;
