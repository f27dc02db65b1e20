import type { Spec } from '../backend.ts';
import { zerosLike } from '../create/host.ts';
import type { Tensor } from '../tensor.ts';
import { type Cotangents, type Op, type OpFunction, operation } from './op.ts';
import { type Arity, callable, inferFrom, type Primitive } from './primitive.ts';

/** The declaration of an op that is linear in its tensors `X`, beside auxiliary ones (indices, masks). */
export interface Linear<I extends readonly Tensor[], A, O extends Tensor | readonly Tensor[]>
  extends Pick<Primitive<I, A, O>, 'infer' | 'host'>,
    Arity {
  /** The positions of auxiliary inputs, which have no cotangent and whose values the transpose may read. */
  readonly auxiliary?: readonly number[];
  /** The transposed map. Of the inputs it sees the specs, and the values of auxiliary ones only. */
  transpose(
    g: O extends Tensor ? Tensor : Cotangents,
    inputs: I,
    attrs: A,
    needs: readonly boolean[],
  ): Tensor | null | readonly (Tensor | null)[];
  /** The output is the input's storage under another shape. */
  readonly shares?: boolean;
}

/**
 * An op that is its own JVP, and whose VJP is its transpose: no value has to be saved.
 * @example
 * const flip: OpFunction<readonly [x: Tensor], Reverse, Tensor> = linear('reverse', {
 *   infer: ([x]) => x,
 *   transpose: (g, _x, attrs) => flip([g], attrs),
 * });
 * grad((x) => flip([x], { axes: [0] }).mul([1, 10]))([3, 4]).print(); // [10, 1]
 */
/* @__NO_SIDE_EFFECTS__ */
export function linear<I extends readonly Tensor[], A, O extends Tensor | readonly Tensor[]>(
  name: string,
  declaration: Linear<I, A, O>,
): OpFunction<I, A, O> {
  const single = declaration.outputs === undefined;
  const auxiliary = declaration.auxiliary ?? [];
  const op: Op<A> = operation<A>({
    name,
    saves: auxiliary,
    infer: inferFrom(declaration),
    host: declaration.host,
    shares: declaration.shares,
    rule: {
      vjp(cotangents, inputs, _outputs, attrs, needs) {
        const g = (single ? cotangents[0] : cotangents) as O extends Tensor ? Tensor : Cotangents;
        const back = declaration.transpose(g, inputs as I, attrs, needs);
        return Array.isArray(back) ? back : [back as Tensor | null];
      },
      jvp(tangents, inputs, outputs, attrs) {
        if (tangents.every((t) => t === null)) return outputs.map(() => null);
        const moved = inputs.map((x, i) => (auxiliary.includes(i) ? x : (tangents[i] ?? zerosLike(x))));
        const out: Tensor | readonly Tensor[] = call(moved as readonly Tensor[] as I, attrs);
        return Array.isArray(out) ? out : [out as Tensor];
      },
    },
  });
  const call = callable<I, A, O>(op, single);
  return call;
}

/** The specs of a shape-preserving or dtype-preserving op with one input. */
export function like(x: Spec, shape: readonly number[]): Spec {
  return { shape, dtype: x.dtype };
}
