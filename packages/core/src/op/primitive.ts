import type { Spec } from '../backend.ts';
import { execute } from '../dispatch.ts';
import type { Tensor } from '../tensor.ts';
import type { HostKernel } from './host.ts';
import { type Cotangents, type Op, type OpFunction, operation, type Rule, type Saves } from './op.ts';

type Result = Tensor | readonly Tensor[];

/** What one tensor and what several have for a spec, a cotangent or a tangent each. */
export type Specs<O extends Result> = O extends Tensor ? Spec : readonly Spec[];
type Cotangent<O extends Result> = O extends Tensor ? Tensor : Cotangents;
type Many<T> = T | null | readonly (T | null)[];

/** The declaration of an op whose rule is written out. */
export interface Primitive<I extends readonly Tensor[], A, O extends Result> {
  infer(inputs: { readonly [K in keyof I]: Spec }, attrs: A): Specs<O>;
  /** Which values the rule reads; the others it sees without values. Default: all inputs and the outputs. */
  readonly saves?: Saves;
  /** The pullback, or null for an op that has no derivative. */
  readonly vjp: null | ((g: Cotangent<O>, inputs: I, output: O, attrs: A, needs: readonly boolean[]) => Many<Tensor>);
  readonly jvp?: ((t: Cotangents, inputs: I, output: O, attrs: A) => O | null) | undefined;
  /** The op as a loop over arrays, which serves every backend that lends its memory and has no kernel. */
  readonly host?: HostKernel<A>;
}

/** Wraps an op as a function that returns what `infer` says: one tensor, or a list of them. */
/* @__NO_SIDE_EFFECTS__ */
export function callable<I extends readonly Tensor[], A, O extends Result>(
  op: Op<A>,
  single: boolean,
): OpFunction<I, A, O> {
  const call = (inputs: I, attrs: A): O => {
    // A tape keeps the list, which the caller may change.
    const outputs = execute(op, inputs.slice(), attrs);
    return (single ? outputs[0] : outputs) as O;
  };
  call.op = op;
  return call;
}

/** Whether an op has one output rather than a list: told by the builder's caller, in types and at run time. */
export interface Arity {
  /** The number of outputs where there is more than one, or where the attributes decide. */
  readonly outputs?: number | 'many';
}

/** The rule that tapes call, from one in terms of single tensors and tuples. */
export function ruleFrom<I extends readonly Tensor[], A, O extends Result>(
  { vjp, jvp }: Pick<Primitive<I, A, O>, 'vjp' | 'jvp'>,
  single: boolean,
): Rule<A> | null {
  if (vjp === null) return null;
  const unpack = (outputs: readonly Tensor[]): O => (single ? outputs[0] : outputs) as O;
  const rule: Rule<A> = {
    vjp(cotangents, inputs, outputs, attrs, needs) {
      const g = (single ? cotangents[0] : cotangents) as Cotangent<O>;
      return list(vjp(g, inputs as I, unpack(outputs), attrs, needs));
    },
  };
  if (jvp === undefined) return rule;
  return {
    ...rule,
    jvp(tangents, inputs, outputs, attrs) {
      const t = jvp(tangents, inputs as I, unpack(outputs), attrs);
      return t === null ? outputs.map(() => null) : list<Tensor>(t);
    },
  };
}

function list<T>(x: Many<T>): readonly (T | null)[] {
  return Array.isArray(x) ? x : [x as T | null];
}

/**
 * An op with a rule of its own shape. One output, unless `outputs` says how many.
 * @example
 * const power = primitive<readonly [x: Tensor], NoAttrs, Tensor>('exp', {
 *   infer: ([x]) => x,
 *   saves: ['y'],
 *   vjp: (g, _x, y) => g.mul(y),
 * });
 * grad(grad((x) => power([x], NO_ATTRS)))(0).print(); // 1
 */
/* @__NO_SIDE_EFFECTS__ */
export function primitive<I extends readonly Tensor[], A, O extends Result>(
  name: string,
  declaration: Primitive<I, A, O> & Arity,
): OpFunction<I, A, O> {
  const single = declaration.outputs === undefined;
  const op: Op<A> = operation<A>({
    name,
    rule: ruleFrom(declaration, single),
    saves: declaration.saves ?? ALL,
    infer: inferFrom(declaration),
    host: declaration.host,
  });
  return callable(op, single);
}

/** Every input up to the eighth, and the outputs. */
export const ALL: Saves = [0, 1, 2, 3, 4, 5, 6, 7, 'y'];

/** `infer` as core calls it: on and for lists. */
export function inferFrom<I extends readonly Tensor[], A, O extends Result>(
  declaration: Pick<Primitive<I, A, O>, 'infer'>,
): Op<A>['infer'] {
  return (inputs, attrs) => {
    const specs: Spec | readonly Spec[] = declaration.infer(inputs as { readonly [K in keyof I]: Spec }, attrs);
    return Array.isArray(specs) ? specs : [specs as Spec];
  };
}
