import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as v128 from '../../wasm/v128.ts';
import { doubles, floats } from '../halves.ts';
import { cubic, type Formula, withSignOf } from './exponential.ts';
import { logOfDoubles } from './logarithm.ts';

const { PI } = Math;

/** a - x - y for a number that needs more than a float. */
function less(a: number, x: Value, y: Value): Value {
  return f32x4.sub(f32x4.sub(a, x), f32x4.sub(y, a - Math.fround(a)));
}

/** The arc sine of |x| is sine + rest, or where that is `far`, a right angle less twice as much. */
function arc(code: Code, x: Local): { far: Local; sine: Local; rest: Local } {
  const size = code.let(f32x4.abs(x));
  const far = code.let(f32x4.gt(size, 0.54));
  const half = f32x4.mul(f32x4.sub(1, size), 0.5);
  const square = code.let(v128.select(far, half, f32x4.mul(size, size)));
  const sine = code.let(v128.select(far, f32x4.sqrt(square), size));
  const rest = code.let(cubic(sine, square, [0.1666688, 0.07490033, 0.046133064, 0.020933589, 0.047594633]));
  return { far, sine, rest };
}

export const asin: Formula = (code, x) => {
  const { far, sine, rest } = arc(code, x);
  // In an order in which little is rounded.
  const half = f32x4.add(f32x4.sub(0.5, sine), f32x4.sub(PI / 4 - 0.5, rest));
  return withSignOf(code, x, v128.select(far, f32x4.mul(half, 2), f32x4.add(sine, rest)));
};

export const acos: Formula = (code, x) => {
  const { far, sine, rest } = arc(code, x);
  const angle = code.let(withSignOf(code, x, f32x4.add(sine, rest)));
  const start = v128.and(f32x4.lt(x, 0), code.floats(PI));
  return v128.select(far, f32x4.add(start, f32x4.add(angle, angle)), f32x4.sub(PI / 2, angle));
};

/** (atan(x) - x) / x³ by x², for x up to 1. */
const ATAN = [
  -0.333333, 0.1999853, -0.14264014, 0.10950861, -0.08399208, 0.05787887, -0.031093534, 0.010866271, -0.0017821442,
];

export const atan2: Formula = (code, y, x) => {
  const [height, width] = [y, x].map((side) => code.let(f32x4.abs(side)));
  // In this order at least one of them is NaN where a side is.
  const short = code.let(f32x4.pmin(height, width));
  const long = code.let(f32x4.pmax(width, height));
  const diagonal = v128.and(f32x4.ne(long, 0), code.floats(1));
  const slope = code.let(v128.select(f32x4.eq(short, long), diagonal, f32x4.div(short, long)));
  const square = code.let(f32x4.mul(slope, slope));
  const rest = code.let(cubic(slope, square, ATAN));
  const steep = f32x4.lt(width, height);
  const angle = code.let(v128.select(steep, less(PI / 2, slope, rest), f32x4.add(slope, rest)));
  return withSignOf(code, y, v128.select(i32x4.lt(x, 0), less(PI, 0, angle), angle));
};

export const atan: Formula = (code, x) => atan2(code, x, code.floats(1));

/** The function of x that is the logarithm of `argument` times `scale` for positive x, and odd; near 0 it is x. */
function byLogarithm(code: Code, x: Local, argument: (size: Local) => Value, scale = 1): Value {
  const size = code.let(f32x4.abs(x));
  const [low, high] = [0, 1].map((half) =>
    logOfDoubles(code, code.let(argument(code.let(doubles(size, half)))), scale),
  );
  return withSignOf(code, x, v128.select(f32x4.lt(size, 2 ** -16), size, floats(low, high)));
}

export const asinh: Formula = (code, x) =>
  byLogarithm(code, x, (size) => f64x2.add(size, f64x2.sqrt(f64x2.add(f64x2.mul(size, size), 1))));

export const acosh: Formula = (code, x) => {
  const values = byLogarithm(code, x, (size) => f64x2.add(size, f64x2.sqrt(f64x2.sub(f64x2.mul(size, size), 1))));
  return v128.or(values, f32x4.lt(x, 1));
};

export const atanh: Formula = (code, x) => {
  const values = byLogarithm(code, x, (size) => f64x2.div(f64x2.add(size, 1), f64x2.sub(1, size)), 0.5);
  return v128.or(values, f32x4.gt(f32x4.abs(x), 1));
};
