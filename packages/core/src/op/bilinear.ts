import type { Spec } from '../backend.ts';
import { add } from '../ops/pointwise.ts';
import type { Tensor } from '../tensor.ts';
import { type Op, type OpFunction, operation } from './op.ts';
import { callable, inferFrom } from './primitive.ts';

/** The declaration of an op that is linear in each of two tensors. */
export interface Bilinear<A> {
  infer(inputs: readonly [a: Spec, b: Spec], attrs: A): Spec;
  /** The cotangent of `a`, without its values, and that of `b`, without its. */
  readonly transpose: readonly [
    (g: Tensor, a: Spec, b: Tensor, attrs: A) => Tensor,
    (g: Tensor, a: Tensor, b: Spec, attrs: A) => Tensor,
  ];
  /** The op in terms of others, where backends may do without a kernel. */
  compose?(inputs: readonly [a: Tensor, b: Tensor], attrs: A): Tensor;
}

/**
 * An op that gets both its VJP and its JVP from two transposes.
 * @example
 * const times: OpFunction<readonly [a: Tensor, b: Tensor], NoAttrs, Tensor> = bilinear('mul', {
 *   infer: ([a]) => a,
 *   transpose: [(g, _a, b) => times([g, b], NO_ATTRS), (g, a) => times([a, g], NO_ATTRS)],
 * });
 * grad((x) => times([x, x], NO_ATTRS))(3).print(); // 6
 */
/* @__NO_SIDE_EFFECTS__ */
export function bilinear<A>(
  name: string,
  declaration: Bilinear<A>,
): OpFunction<readonly [a: Tensor, b: Tensor], A, Tensor> {
  const [toA, toB] = declaration.transpose;
  const { compose } = declaration;
  const op: Op<A> = operation<A>({
    name,
    saves: 'others',
    infer: inferFrom<readonly [Tensor, Tensor], A, Tensor>(declaration),
    compose: compose && (([a, b], attrs) => [compose([a, b], attrs)]),
    rule: {
      vjp([g], [a, b], _outputs, attrs, needs) {
        if (g === null) return [null, null];
        return [needs[0] ? toA(g, a, b, attrs) : null, needs[1] ? toB(g, a, b, attrs) : null];
      },
      jvp([ta, tb], [a, b], _outputs, attrs) {
        const left = ta && call([ta, b], attrs);
        const right = tb && call([a, tb], attrs);
        return [left && right ? add(left, right) : left || right];
      },
    },
  });
  const call = callable<readonly [Tensor, Tensor], A, Tensor>(op, true);
  return call;
}
