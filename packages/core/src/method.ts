import type { TensorLike } from './convert.ts';

/** A function whose first argument is a tensor, as a method of that tensor. */
export type Method<F> = F extends (x: infer _X, ...rest: infer R) => infer O ? (...rest: R) => O : never;

/** A function whose first argument is a list of tensors, as a method of the first of them. */
export type ListMethod<F> = F extends (xs: infer _X, ...rest: infer R) => infer O
  ? (others: TensorLike | readonly TensorLike[], ...rest: R) => O
  : never;
