import {
  ArgumentError,
  add,
  clipByValue,
  div,
  maximum,
  mul,
  sqrt,
  square,
  sum,
  Tensor,
  tidy,
  Variable,
} from '@wengert/core';
import type { VariableGradients } from './gradients.ts';

/** Gradients as optimizers and tapes have them: one, a list with null for those that are missing, or with variables. */
export type GradientTree = Tensor | readonly (Tensor | null)[] | VariableGradients;

/** The gradients in it, without the variables that they belong to. */
function gradientsIn(tree: unknown): Tensor[] {
  if (tree instanceof Variable) return [];
  if (tree instanceof Tensor) return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(gradientsIn) : [];
}

/** The same structure with other gradients. */
function mapped<G>(tree: G, f: (gradient: Tensor) => Tensor): G {
  const build = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || part instanceof Variable) return part;
    if (part instanceof Tensor) return f(part);
    if (Array.isArray(part)) return part.map(build);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, build(value)]));
  };
  return build(tree) as G;
}

/** New gradients with what `f` makes on the way disposed; variables among them stay where they are. */
function clipped<G>(f: () => G): G {
  return tidy(f as () => G & (G extends PromiseLike<unknown> ? never : unknown));
}

function checkNorm(op: string, clipNorm: number): void {
  if (!(clipNorm > 0)) throw new ArgumentError(`${op}: clipNorm must be positive, got ${clipNorm}`);
}

/** clipNorm / max(norm, clipNorm), where the root is not taken of 0. */
function factor(squares: Tensor, clipNorm: number): Tensor {
  return div(clipNorm, sqrt(maximum(squares, clipNorm ** 2)));
}

/**
 * Gradients with every element brought into [minimum, maximum].
 * @example
 * clipGradientsByValue([tensor([3, -5])], -4, 1)[0].print(); // [1, -4]
 */
export function clipGradientsByValue<G extends GradientTree>(gradients: G, minimum: number, maximum: number): G {
  return clipped(() => mapped(gradients, (g) => clipByValue(g, minimum, maximum)));
}

/**
 * Gradients, each shortened to the Euclidean length `clipNorm` where it is longer.
 * @throws ArgumentError where clipNorm is not positive.
 * @example
 * clipGradientsByNorm([tensor([3, 4])], 1)[0].print(); // [0.6, 0.8]
 */
export function clipGradientsByNorm<G extends GradientTree>(gradients: G, clipNorm: number): G {
  checkNorm('clipGradientsByNorm', clipNorm);
  return clipped(() => mapped(gradients, (g) => mul(g, factor(sum(square(g)), clipNorm))));
}

/**
 * Gradients, shortened all by one factor so that together they have at most the Euclidean length `clipNorm`.
 * @throws ArgumentError where clipNorm is not positive.
 * @example
 * const [a, b] = clipGradientsByGlobalNorm([tensor(3), tensor([4])], 1);
 * a.print(); // 0.6
 * b.print(); // [0.8]
 */
export function clipGradientsByGlobalNorm<G extends GradientTree>(gradients: G, clipNorm: number): G {
  checkNorm('clipGradientsByGlobalNorm', clipNorm);
  return clipped(() => {
    const squares = gradientsIn(gradients).map((g) => sum(square(g)));
    if (squares.length === 0) return gradients;
    const shortened = factor(
      squares.reduce((a, b) => add(a, b)),
      clipNorm,
    );
    return mapped(gradients, (g) => mul(g, shortened));
  });
}
