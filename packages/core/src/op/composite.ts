import type { Tensor } from '../tensor.ts';
import { type Op, type OpFunction, operation } from './op.ts';
import { ALL, type Arity, callable, inferFrom, type Primitive, ruleFrom } from './primitive.ts';

/** The declaration of an op that is made of others, and that a backend may still serve with one kernel. */
export interface Composite<I extends readonly Tensor[], A, O extends Tensor | readonly Tensor[]>
  extends Pick<Primitive<I, A, O>, 'infer' | 'saves' | 'host'>,
    Arity {
  compose(inputs: I, attrs: A): O;
  /** A cheaper or more accurate pullback than the decomposition's, with which it must agree. */
  readonly vjp?: NonNullable<Primitive<I, A, O>['vjp']>;
  /** Beside `vjp`: the pushforward, without which forward mode goes through the decomposition. */
  readonly jvp?: Primitive<I, A, O>['jvp'];
}

/**
 * A named function of other ops: differentiated through them, or by its own `vjp`.
 * @example
 * const cube = composite<readonly [x: Tensor], NoAttrs, Tensor>('cube', {
 *   infer: ([x]) => x,
 *   compose: ([x]) => x.mul(x).mul(x),
 * });
 * grad((x) => cube([x], NO_ATTRS))(2).print(); // 12
 */
/* @__NO_SIDE_EFFECTS__ */
export function composite<I extends readonly Tensor[], A, O extends Tensor | readonly Tensor[]>(
  name: string,
  declaration: Composite<I, A, O>,
): OpFunction<I, A, O> {
  const single = declaration.outputs === undefined;
  const { vjp, jvp, host } = declaration;
  const op: Op<A> = operation<A>({
    name,
    saves: declaration.saves ?? ALL,
    infer: inferFrom(declaration),
    rule: vjp === undefined ? undefined : ruleFrom<I, A, O>({ vjp, jvp }, single),
    host,
    compose(inputs, attrs) {
      const out: Tensor | readonly Tensor[] = declaration.compose(inputs as I, attrs);
      return Array.isArray(out) ? out : [out as Tensor];
    },
  });
  return callable(op, single);
}
