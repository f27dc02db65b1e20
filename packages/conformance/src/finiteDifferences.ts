import type { Backend } from '@wengert/core';
import type { Mapping } from './derivatives.ts';
import { moved, type Point, valuesAt } from './pointOnHost.ts';

/**
 * The derivative of `f` at `points` along `directions` by the central difference of fourth order,
 * (8(f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h: its error is h⁴f⁽⁵⁾/30, beside the rounding of f over h.
 */
export function centralDifference(
  backend: Backend,
  f: Mapping,
  points: readonly Point[],
  directions: readonly Point[],
  h: number,
): Point[] {
  const at = (step: number): Point[] => valuesAt(backend, f, moved(points, directions, step * h));
  const [up, down, farUp, farDown] = [at(1), at(-1), at(2), at(-2)];
  return up.map(({ shape, values }, k) => ({
    shape,
    values: values.map(
      (x, i) => (8 * (x - down[k].values[i]) - (farUp[k].values[i] - farDown[k].values[i])) / (12 * h),
    ),
  }));
}
