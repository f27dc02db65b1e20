import { createReferenceBackend } from '@wengert/backend-reference';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from './index.ts';
import { type Host, runKernel, sequence } from './testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();

/** The relative error that every pointwise op keeps to, over the whole domain that its row names. */
const TOLERANCE = 2e-6;
const COUNT = 60_000;
const SMALLEST_NORMAL = 2 ** -126;

const next = sequence(11);

/** Numbers that a float32 holds, in no order but between these, both included. */
function between(from: number, to: number): Float32Array {
  return Float32Array.from({ length: COUNT }, (_, i) => (i === 0 ? from : i === 1 ? to : from + (to - from) * next()));
}

/** As many from each power of two between those of `from` and `to` as from any other; of both signs where `signed`. */
function magnitudes(from: number, to: number, signed: boolean): Float32Array {
  const [low, high] = [Math.log2(from), Math.log2(to)];
  return Float32Array.from({ length: COUNT }, (_, i) => {
    const x = Math.min(to, Math.max(from, 2 ** (low + (high - low) * next())));
    return signed && i % 2 === 0 ? -x : x;
  });
}

/** Numbers on both sides of `center`, ever closer to it. */
function around(center: number, reach: number): Float32Array {
  return magnitudes(2 ** -30, reach, true).map((x) => center + x);
}

function of(data: Float32Array): Host {
  return { shape: [data.length], dtype: 'float32', data };
}

/** The float64 results, rounded by nobody. */
function exact(op: string, inputs: readonly Host[]): ArrayLike<number> {
  const own = EXACT[op];
  if (own !== undefined) return Array.from(inputs[0].data, (x, i) => own(x, inputs[1]?.data[i] ?? 0));
  const values = runKernel(reference, op, inputs, {}, { ...inputs[0], dtype: 'float64' });
  if (values === null) throw new Error(`the reference has no ${op}`);
  return values;
}

/** What the reference has no kernel for. */
const EXACT: Readonly<Record<string, (x: number, y: number) => number>> = {
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  softsign: (x) => x / (1 + Math.abs(x)),
  silu: (x) => x / (1 + Math.exp(-x)),
};

/** The worst relative error, and where it is; results that are not normal only have to be as small. */
function worst(op: string, ...columns: readonly Float32Array[]): { error: number; at: string } {
  const inputs = columns.map(of);
  const actual = runKernel(webgl, op, inputs, {}, inputs[0]) ?? [];
  const expected = exact(op, inputs);
  let found = { error: 0, at: '' };
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [actual[i], expected[i]];
    const rounded = Math.fround(y);
    if (Object.is(x, rounded) || (Math.abs(y) < SMALLEST_NORMAL && Math.abs(x) <= SMALLEST_NORMAL)) continue;
    const off = Math.abs(x - y) / Math.abs(y);
    const error = Number.isFinite(off) ? off : Number.POSITIVE_INFINITY;
    if (error > found.error) found = { error, at: `${op}(${columns.map((c) => c[i])}) = ${y}, not ${x}` };
  }
  return found;
}

const UNARY: Readonly<Record<string, readonly Float32Array[]>> = {
  exp: [between(-87, 88), magnitudes(2 ** -40, 80, true)],
  expm1: [between(-87, 88), magnitudes(2 ** -120, 2, true), around(0.5, 0.1), around(-0.5, 0.1)],
  log: [magnitudes(SMALLEST_NORMAL, 3.4e38, false), around(1, 0.5)],
  log1p: [
    magnitudes(2 ** -120, 0.999, true),
    magnitudes(2 ** -10, 3e38, false),
    around(-1, 0.5).map((x) => Math.max(x, -0.9999999)),
  ],
  sqrt: [magnitudes(SMALLEST_NORMAL, 3.4e38, false)],
  reciprocal: [magnitudes(2 ** -125, 2 ** 125, true)],
  sin: [between(-8192, 8192), magnitudes(2 ** -100, 8192, true), around(Math.PI, 0.5), around(1000 * Math.PI, 0.5)],
  cos: [
    between(-8192, 8192),
    magnitudes(2 ** -100, 8192, true),
    around(Math.PI / 2, 0.5),
    around(2000.5 * Math.PI, 0.5),
  ],
  tan: [between(-8192, 8192), magnitudes(2 ** -100, 8192, true), around(Math.PI / 2, 0.5), around(Math.PI, 0.5)],
  asin: [between(-1, 1), magnitudes(2 ** -100, 1, true), around(0.5, 0.1)],
  acos: [between(-1, 1), around(1, 1).map((x) => Math.min(x, 1)), around(0, 0.5)],
  atan: [between(-50, 50), magnitudes(2 ** -100, 2 ** 100, true)],
  sinh: [between(-88, 88), magnitudes(2 ** -100, 88, true)],
  cosh: [between(-88, 88), magnitudes(2 ** -100, 88, true)],
  tanh: [between(-20, 20), magnitudes(2 ** -100, 30, true), around(0.625, 0.1)],
  asinh: [between(-50, 50), magnitudes(2 ** -100, 2 ** 120, true)],
  acosh: [magnitudes(1, 2 ** 120, false), around(1, 1).map((x) => Math.max(x, 1))],
  atanh: [between(-0.99999, 0.99999), magnitudes(2 ** -100, 0.9999, true), around(0.33, 0.1)],
  sigmoid: [between(-87, 88)],
  erf: [between(-5, 5), magnitudes(2 ** -100, 5, true), around(1, 0.1)],
  elu: [between(-87, 88), magnitudes(2 ** -100, 80, true)],
  selu: [between(-87, 88), magnitudes(2 ** -100, 80, true)],
  softplus: [between(-86, 88)],
  softsign: [between(-50, 50), magnitudes(2 ** -100, 2 ** 100, true)],
  silu: [between(-80, 88), magnitudes(2 ** -100, 80, true)],
};

const whole = (from: number, to: number): Float32Array => between(from, to + 0.999).map(Math.floor);

const BINARY: Readonly<Record<string, readonly (readonly [Float32Array, Float32Array])[]>> = {
  div: [[magnitudes(2 ** -60, 2 ** 60, true), magnitudes(2 ** -60, 2 ** 60, true)]],
  hypot: [
    [magnitudes(2 ** -60, 2 ** 60, true), magnitudes(2 ** -60, 2 ** 60, true)],
    [magnitudes(2 ** 120, 2 ** 126, true), magnitudes(2 ** 110, 2 ** 126, true)],
  ],
  atan2: [
    [magnitudes(2 ** -60, 2 ** 60, true), magnitudes(2 ** -60, 2 ** 60, true)],
    [between(-4, 4), between(-4, 4)],
  ],
  pow: [
    [magnitudes(2 ** -20, 2 ** 20, false), between(-4, 4)],
    [between(0.5, 2), between(-80, 80)],
    [around(1, 0.01), between(-5000, 5000)],
    [between(-3, 3), whole(-30, 30)],
    [between(-1.5, 1.5), whole(-200, 200)],
  ],
};

describe('every pointwise op is within 2e-6 of float64', () => {
  it.each(Object.entries(UNARY))('%s', (op, samples) => {
    for (const x of samples) {
      const { error, at } = worst(op, x);
      expect(error, at).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it.each(Object.entries(BINARY))('%s', (op, samples) => {
    for (const [x, y] of samples) {
      const { error, at } = worst(op, x, y);
      expect(error, at).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
