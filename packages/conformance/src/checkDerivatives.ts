import { type Backend, sizeOf, type Tensor } from '@wengert/core';
import { derivativeOf, type Mapping, pullback, pushforward } from './derivatives.ts';
import { centralDifference } from './finiteDifferences.ts';
import { GradientCheckError, type Mode } from './gradientCheckError.ts';
import { compareJacobians } from './jacobians.ts';
import { directionsLike, dot, evaluate, type Point, tensorsAt, valuesAt } from './pointOnHost.ts';
import type { Random } from './random.ts';

/** The state of a check that is common to its steps. */
export interface Level {
  readonly backend: Backend;
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly h: number;
  readonly rtol: number;
  readonly atol: number;
  readonly random: Random;
  readonly order: number;
}

/** Two exact computations of one number agree this well, relative to the sum of its terms. */
const AGREEMENT = 1e-10;

/** Checks the derivatives of `f` at `points`, from the order of `level` up to `last`. */
export function checkDerivatives(level: Level, f: Mapping, points: readonly Point[], last: number): void {
  const { backend, random, modes } = level;
  const outputs = valuesAt(backend, f, points);
  checkSame(level, 'the function', 'both', outputs, valuesAt(backend, f, points));
  if (!points.some(({ shape }) => sizeOf(shape) > 0) || outputs.length === 0) return;

  const t = directionsLike(points, random);
  const g = directionsLike(outputs, random);
  const numeric = centralDifference(backend, f, points, t, level.h);
  const forward = modes.includes('forward') ? derivative(level, 'forward', f, points, t) : null;
  const reverse = modes.includes('reverse') ? derivative(level, 'reverse', f, points, g) : null;

  const scale = outputs.map(({ values }) => values.reduce((most, y) => Math.max(most, Math.abs(y)), 1));
  forward?.forEach((found, k) => {
    const off = numeric[k].values.findIndex(
      (d, i) => !(Math.abs((found?.values[i] ?? 0) - d) <= level.atol * scale[k] + level.rtol * Math.abs(d)),
    );
    if (off >= 0) fail(level, 'forward', f, points, outputs, 'the tangents are not the differences');
  });
  if (reverse !== null) {
    checkPulled(level, f, points, outputs, dot(reverse, t).sum, g, numeric, scale);
    if (forward !== null) checkAgreement(level, dot(reverse, t), dot(g, forward));
    if (outputs.length > 1 && level.order === 1) checkAlone(level, f, points, outputs, t, g, numeric, scale);
  }
  if (level.order === last) return;
  const [rule, found, directions] = reverse ? [pullback, reverse, g] : [pushforward, forward ?? [], t];
  const connected = found.map((x) => x !== null);
  if (!connected.includes(true)) return;
  const next = derivativeOf(rule, f, directions.length, connected);
  checkDerivatives({ ...level, order: level.order + 1 }, next, [...points, ...directions], last);
}

/** Computes a derivative twice. */
function derivative(
  level: Level,
  mode: Mode,
  f: Mapping,
  points: readonly Point[],
  along: readonly Point[],
): (Point | null)[] {
  const rule = mode === 'reverse' ? pullback : pushforward;
  const run = (): (Point | null)[] =>
    evaluate(level.backend, points, (xs) => rule(f, xs, tensorsAt(level.backend, along)));
  const found = run();
  checkSame(level, 'the derivative', mode, found, run());
  return found;
}

function checkSame(
  level: Level,
  what: string,
  mode: Mode | 'both',
  a: readonly (Point | null)[],
  b: readonly (Point | null)[],
): void {
  const same = a.every((x, k) => {
    const y = b[k];
    return x === null ? y === null : y !== null && x.values.every((value, i) => Object.is(value, y.values[i]));
  });
  if (!same) throw error(level, mode, `${what} is another when it is computed again`);
}

/** ⟨Jᵀg, t⟩ against ⟨g, (f(x + ht) - f(x - ht)) / 2h⟩. */
function checkPulled(
  level: Level,
  f: Mapping,
  points: readonly Point[],
  outputs: readonly Point[],
  pulled: number,
  g: readonly (Point | null)[],
  numeric: readonly Point[],
  scale: readonly number[],
): void {
  const expected = dot(g, numeric);
  const rounding = g.reduce((sum, x, k) => sum + (x ? x.values.reduce((s, v) => s + Math.abs(v), 0) * scale[k] : 0), 0);
  if (Math.abs(pulled - expected.sum) <= level.atol * rounding + level.rtol * expected.magnitude) return;
  fail(level, 'reverse', f, points, outputs, 'the cotangents are not the differences');
}

/** ⟨Jᵀg, t⟩ = ⟨g, Jt⟩: the two modes are transposes of each other, and so is an own rule of the decomposition. */
function checkAgreement(level: Level, pulled: ReturnType<typeof dot>, pushed: ReturnType<typeof dot>): void {
  if (Math.abs(pulled.sum - pushed.sum) <= AGREEMENT * (pulled.magnitude + pushed.magnitude + 1e-3)) return;
  throw error(level, 'both', `the modes disagree: ⟨Jᵀg, t⟩ is ${pulled.sum}, ⟨g, Jt⟩ is ${pushed.sum}`);
}

/** Each output with the cotangents of the others missing. */
function checkAlone(
  level: Level,
  f: Mapping,
  points: readonly Point[],
  outputs: readonly Point[],
  t: readonly Point[],
  g: readonly Point[],
  numeric: readonly Point[],
  scale: readonly number[],
): void {
  outputs.forEach((output, k) => {
    const alone = (xs: readonly Tensor[]): Tensor[] => [f(xs)[k]];
    const found = derivative(level, 'reverse', alone, points, [g[k]]);
    checkPulled(level, alone, points, [output], dot(found, t).sum, [g[k]], [numeric[k]], [scale[k]]);
  });
}

function fail(
  level: Level,
  mode: Mode,
  f: Mapping,
  points: readonly Point[],
  outputs: readonly Point[],
  what: string,
): never {
  const { worst, text } = compareJacobians(level.backend, f, points, outputs, mode, level.h);
  throw new GradientCheckError({ op: level.name, order: level.order, mode, what, worst, jacobians: text });
}

function error(level: Level, mode: Mode | 'both', what: string): GradientCheckError {
  return new GradientCheckError({ op: level.name, order: level.order, mode, what });
}
