import { type Backend, reshape, type Shape, sizeOf, type Tensor, tidy, toTensor } from '@wengert/core';
import type { Mapping } from './derivatives.ts';
import type { Random } from './random.ts';

/** The values of one float64 tensor on the host. */
export interface Point {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Tensors with these values; made anew each time, because what is differentiated must not share identities. */
export function tensorsAt(backend: Backend, points: readonly Point[]): Tensor[] {
  return points.map(({ shape, values }) =>
    tidy(() => reshape(toTensor('checkGradients', values, backend, 'float64'), shape)),
  );
}

export function pointOf(x: Tensor): Point {
  return { shape: x.shape, values: Float64Array.from(x.dataSync()) };
}

/** The values of `f` on the host, with null for null, and nothing left behind. */
export function evaluate<R extends readonly (Tensor | null)[]>(
  backend: Backend,
  points: readonly Point[],
  f: (inputs: Tensor[]) => R,
): (Point | null)[] {
  const results: (Point | null)[] = [];
  tidy(() => {
    for (const y of f(tensorsAt(backend, points))) results.push(y && pointOf(y));
  });
  return results;
}

/** The values of a mapping. */
export function valuesAt(backend: Backend, f: Mapping, points: readonly Point[]): Point[] {
  return evaluate(backend, points, f).filter((y) => y !== null);
}

/** Directions with entries between 1/2 and 3/2 in absolute value: none so small that it hides an error. */
export function directionsLike(points: readonly { readonly shape: Shape }[], random: Random): Point[] {
  return points.map(({ shape }) => ({
    shape,
    values: Float64Array.from({ length: sizeOf(shape) }, () => (random() < 0.5 ? -1 : 1) * (0.5 + random())),
  }));
}

export function moved(points: readonly Point[], directions: readonly Point[], step: number): Point[] {
  return points.map(({ shape, values }, k) => ({
    shape,
    values: values.map((x, i) => x + step * directions[k].values[i]),
  }));
}

/** Σ xᵢyᵢ and Σ |xᵢyᵢ| over all tensors; a null is zeros. */
export function dot(xs: readonly (Point | null)[], ys: readonly (Point | null)[]): { sum: number; magnitude: number } {
  let sum = 0;
  let magnitude = 0;
  xs.forEach((x, k) => {
    const y = ys[k];
    if (!x || !y) return;
    x.values.forEach((value, i) => {
      sum += value * y.values[i];
      magnitude += Math.abs(value * y.values[i]);
    });
  });
  return { sum, magnitude };
}
