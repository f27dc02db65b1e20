import type { TensorLike } from '../../convert.ts';
import { execute } from '../../dispatch.ts';
import { composite } from '../../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type Saves } from '../../op/op.ts';
import { type Domain, withOperands } from '../../promote.ts';
import type { Tensor } from '../../tensor.ts';
import type { Unary } from '../pointwise.ts';

/** The declaration of an elementwise function that is made of others. */
export interface Activation {
  compose(x: Tensor): Tensor;
  /** A cheaper pullback than the composition's. */
  readonly vjp?: (g: Tensor, x: Tensor, y: Tensor) => Tensor;
  /** What `vjp` reads: 0 for `x`, 'y' for the result. */
  readonly saves?: Saves;
  /** The dtypes in which it computes. Default: floats. */
  readonly domain?: Domain;
}

/** An elementwise composite, which a backend may serve with one kernel. */
/* @__NO_SIDE_EFFECTS__ */
export function activation(name: string, { compose, vjp, saves, domain = 'float' }: Activation): Unary {
  const { op } = composite<readonly [x: Tensor], NoAttrs, Tensor>(name, {
    infer: ([{ shape, dtype }]) => ({ shape, dtype }),
    compose: ([x]) => compose(x),
    ...(saves && { saves }),
    ...(vjp && { vjp: (g, [x], y) => vjp(g, x, y) }),
  });
  const run = (xs: readonly Tensor[]): Tensor => execute(op, xs, NO_ATTRS)[0];
  return Object.assign((x: TensorLike) => withOperands(name, [x], domain, run), { op }) as Unary;
}
