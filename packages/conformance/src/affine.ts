import { type Backend, isFloating, type Saves, type Tensor } from '@wengert/core';
import { type Mapping, pushforward } from './derivatives.ts';
import { GradientCheckError } from './gradientCheckError.ts';
import { directionsLike, evaluate, moved, type Point, pointOf, tensorsAt, valuesAt } from './pointOnHost.ts';
import { randomFrom } from './random.ts';

const ROUNDING = 1e-12;

/**
 * An op whose rule reads no value is affine, and one whose rule reads only the other inputs is affine in each: then
 * f(x + t) - f(x - t) = 2Jt for a t of any length. (Where the derivative is zero, as floor's, the op is a step.)
 */
export function checkAffine(
  backend: Backend,
  name: string,
  saves: Saves,
  f: (...xs: Tensor[]) => unknown,
  xs: readonly Tensor[],
): void {
  const groups = affineGroups(saves, xs);
  const points = xs.map(pointOf);
  const mapping: Mapping = (all) => (f(...all) as Tensor[]).filter((y) => isFloating(y.dtype));
  for (const group of groups) {
    const all = directionsLike(points, randomFrom(name));
    const t = all.map(
      ({ shape, values }, i): Point => ({ shape, values: group.includes(i) ? values : values.map(() => 0) }),
    );
    const [up, down] = [1, -1].map((step) => valuesAt(backend, mapping, moved(points, t, step)));
    const pushed = evaluate(backend, points, (at) => pushforward(mapping, at, tensorsAt(backend, t)));
    pushed.forEach((found, k) => {
      if (found === null || found.values.every((v) => v === 0)) return;
      found.values.forEach((v, i) => {
        const [a, b] = [up[k].values[i], down[k].values[i]];
        if (Math.abs(a - b - 2 * v) <= ROUNDING * (1 + Math.abs(a) + Math.abs(b))) return;
        const what = `the rule reads no values, but the op is not affine: f(x + t) - f(x - t) is ${a - b}, 2Jt is ${2 * v}`;
        throw new GradientCheckError({ op: name, order: 1, mode: 'forward', what });
      });
    });
  }
}

/** The inputs in which the op must be affine together. */
function affineGroups(saves: Saves, xs: readonly Tensor[]): number[][] {
  if (saves === 'others') return xs.map((_, i) => [i]);
  return saves.length === 0 ? [xs.map((_, i) => i)] : [];
}
