import type { TensorLike } from '../convert.ts';
import { zerosLike } from '../create/host.ts';
import { execute } from '../dispatch.ts';
import type { NestedLike } from '../nested.ts';
import { NO_ATTRS, type NoAttrs, type Op, operation, type Saves } from '../op/op.ts';
import { type Domain, withOperands } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { broadcastShapes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { broadcasted, unbroadcast } from './sum.ts';

/** A function of one tensor, element by element. */
export interface Unary {
  <T extends Tensor = Tensor>(x: T | NestedLike): T;
  readonly op: Op<NoAttrs>;
}

/** A function of two tensors, element by element, broadcasting. */
export interface Binary {
  <T extends Tensor = Tensor>(a: TensorLike, b: TensorLike): T;
  readonly op: Op<NoAttrs>;
}

/** One partial derivative, from the inputs and then the output; numbers are constant, null is none at all. */
type Partial1 = ((x: Tensor, y: Tensor) => Tensor | number) | null;
type Partial2 = ((a: Tensor, b: Tensor, y: Tensor) => Tensor | number) | null;
type Partials = readonly [Partial1] | readonly [Partial2, Partial2];

/** The declaration of an elementwise op. */
export interface Pointwise<P extends Partials> {
  readonly partials: P;
  /** The product of a tensor with the only partial, for which backends may have a kernel. */
  readonly product?: (g: Tensor, x: Tensor, y: Tensor) => Tensor;
  /** What the partials read: input numbers, and 'y' for the output. Default: nothing. */
  readonly saves?: Saves;
  /** The dtypes in which it computes; others are promoted. Default: any. */
  readonly domain?: Domain;
  /** The result is bool. */
  readonly predicate?: boolean;
}

/**
 * An elementwise op: from its partial derivatives follow the VJP, with the sum over what broadcasting repeated, and the
 * JVP.
 * @example
 * const sine = pointwise('sin', { saves: [0], partials: [(x) => cos(x)] });
 * grad(sine)(0).print(); // 1
 */
export function pointwise(name: string, declaration: Pointwise<readonly [Partial1]>): Unary;
export function pointwise(name: string, declaration: Pointwise<readonly [Partial2, Partial2]>): Binary;
/* @__NO_SIDE_EFFECTS__ */
export function pointwise(name: string, declaration: Pointwise<Partials>): Unary | Binary {
  const op = pointwiseOp(name, declaration);
  const domain = declaration.domain ?? 'any';
  const run = (xs: readonly Tensor[]): Tensor => execute(op, xs, NO_ATTRS)[0];
  const call =
    declaration.partials.length === 1
      ? (x: TensorLike): Tensor => withOperands(name, [x], domain, run)
      : (a: TensorLike, b: TensorLike): Tensor => withOperands(name, [a, b], domain, run);
  return Object.assign(call, { op }) as Unary | Binary;
}

function pointwiseOp(name: string, { partials, product, saves, predicate }: Pointwise<Partials>): Op<NoAttrs> {
  /** The product of `g` with the partial derivative by input `i`. */
  const scaledBy = (i: number, g: Tensor, inputs: readonly Tensor[], y: Tensor): Tensor | null => {
    const a = inputs[0];
    if (product !== undefined) return product(g, a, y);
    if (partials.length === 1) return scaled(g, partials[0]?.(a, y) ?? null);
    return scaled(g, partials[i]?.(a, inputs[1], y) ?? null);
  };
  return operation<NoAttrs>({
    name,
    saves: saves ?? [],
    infer(inputs) {
      let { shape } = inputs[0];
      for (let i = 1; i < inputs.length; i++) shape = broadcastShapes(name, shape, inputs[i].shape);
      return [{ shape, dtype: predicate ? 'bool' : inputs[0].dtype }];
    },
    rule: partials.every((partial) => partial === null)
      ? null
      : {
          vjp(cotangents, inputs, outputs, _attrs, needs) {
            const g = cotangents[0];
            const found: (Tensor | null)[] = inputs.length === 1 ? [null] : [null, null];
            for (let i = 0; i < inputs.length; i++) {
              if (!g || !needs[i]) continue;
              const term = scaledBy(i, g, inputs, outputs[0]);
              found[i] = term && unbroadcast(term, inputs[i].shape);
            }
            return found;
          },
          jvp(tangents, inputs, [y]) {
            let total: Tensor | null = null;
            for (const [i, t] of tangents.entries()) {
              const term = t && scaledBy(i, t, inputs, y);
              if (term) total = total === null ? term : add(total, term);
            }
            return [total && broadcasted(total, y.shape)];
          },
        },
  });
}

/** Constant partials cost no multiplication. A zero one gives true zeros, also against an infinite cotangent. */
function scaled(g: Tensor, partial: Tensor | number | null): Tensor | null {
  if (partial === null || partial === 1) return partial && g;
  if (partial === -1) return neg(g);
  return partial === 0 ? zerosLike(g) : mul(g, partial);
}

// The three ops that the rule above is made of are declared here, beside it.

/**
 * Elementwise sum.
 * @example
 * add([1, 2], 10).print(); // [11, 12]
 */
export const add: Binary = pointwise('add', { partials: [() => 1, () => 1] });

export const addSamples: Samples<typeof add> = ({ uniform }) => [
  [uniform([2, 3]), uniform([2, 3])],
  [uniform([2, 1]), uniform([1, 3])],
  [uniform([3]), uniform([2, 3])],
  [uniform([]), uniform([0, 2])],
  [uniform([2, 2]), 0.1],
];

export const addBadSamples: BadSamples<typeof add> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), uniform([2, 2])], error: 'ShapeError', names: ['add', '[2,3]', '[2,2]'] },
  { args: [uniform([2]), wrong(undefined)], error: 'ArgumentError', names: ['add', 'undefined'] },
  { args: [uniform([2]), wrong('1')], error: 'ArgumentError', names: ['add', 'string'] },
];

/**
 * Elementwise product.
 * @example
 * mul([1, 2], [3, 4]).print(); // [3, 8]
 */
export const mul: Binary = pointwise('mul', { saves: 'others', partials: [(_a, b) => b, (a) => a] });

export const mulSamples: Samples<typeof mul> = ({ uniform }) => [
  [uniform([2, 3]), uniform([2, 3])],
  [uniform([2, 1]), uniform([3])],
  [2.5, uniform([2])],
];

export const mulBadSamples: BadSamples<typeof mul> = ({ uniform }) => [
  { args: [uniform([2, 3]), uniform([4])], error: 'ShapeError', names: ['mul', '[2,3]', '[4]'] },
];

/**
 * Elementwise negation.
 * @example
 * neg([1, -2]).print(); // [-1, 2]
 */
export const neg: Unary = pointwise('neg', { partials: [() => -1] });

export const negSamples: Samples<typeof neg> = ({ uniform }) => [[uniform([2, 3])], [uniform([0])], [uniform([])]];
