import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as i64x2 from '../../wasm/i64x2.ts';
import * as v128 from '../../wasm/v128.ts';
import { doubles, floats } from '../halves.ts';
import { type Formula, LN2_HIGH, LN2_LOW, polynomial, signOf } from './exponential.ts';

const SMALLEST_NORMAL = 2 ** -126;

/** A positive x as m times 2 to the power of e, with m between √½ and √2; e is a float. */
function split(code: Code, x: Local): { m: Local; e: Local } {
  const tiny = code.let(f32x4.lt(x, SMALLEST_NORMAL));
  const normal = code.let(v128.select(tiny, f32x4.mul(x, 2 ** 23), x));
  const exponent = code.let(i32x4.shiftRight(i32x4.sub(normal, code.floats(Math.SQRT1_2)), 23));
  const m = code.let(i32x4.sub(normal, i32x4.shl(exponent, 23)));
  const lifted = v128.and(tiny, code.floats(23));
  return { m, e: code.let(f32x4.sub(f32x4.fromInts(exponent), lifted)) };
}

export const log: Formula = (code, x) => {
  const { m, e } = split(code, x);
  const f = code.let(f32x4.sub(m, 1));
  const square = code.let(f32x4.mul(f, f));
  // (log(1 + f) - f + f²/2) / f³
  const p = polynomial(
    f,
    [0.3333331, -0.24999985, 0.20002265, -0.16669351, 0.14217845, -0.12381957, 0.11877216, -0.11806824, 0.06926107],
  );
  const cubic = f32x4.mul(f32x4.mul(square, f), p);
  const low = f32x4.add(cubic, f32x4.mul(e, LN2_LOW));
  const rest = f32x4.sub(low, f32x4.mul(square, 0.5));
  const sum = f32x4.add(f32x4.add(f, rest), f32x4.mul(e, LN2_HIGH));
  const finite = code.let(sum);
  const below = v128.select(f32x4.eq(x, 0), code.floats(-Infinity), code.floats(Number.NaN));
  const regular = v128.select(f32x4.gt(x, 0), finite, below);
  // Infinity and NaN are their own logarithms.
  return v128.select(v128.or(f32x4.eq(x, Infinity), f32x4.ne(x, x)), x, regular);
};

/** The logarithm of the rounded 1 + x, corrected by what the rounding took away. */
export const log1p: Formula = (code, x) => {
  const sum = code.let(f32x4.add(x, 1));
  const main = code.let(log(code, sum, sum));
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(sum, 1)), sum);
  const inside = v128.and(f32x4.gt(sum, 0), f32x4.lt(sum, Infinity));
  return v128.or(f32x4.add(main, v128.and(lost, inside)), signOf(code, x));
};

/** A polynomial of doubles. */
export function doublePolynomial(x: Local, coefficients: readonly number[]): Value {
  return polynomial(x, coefficients, f64x2.add, f64x2.mul);
}

/** Adding it to a double rounds it to an integer, which is in the lowest bits of the sum. */
export const DOUBLE_ROUNDER: number = 1.5 * 2 ** 52;

/** The logarithm to base 2 of two doubles between √½ and √2 times 2 to the power of e. */
function log2(code: Code, m: Local, e: Value): Value {
  const s = code.let(f64x2.div(f64x2.sub(m, 1), f64x2.add(m, 1)));
  const square = code.let(f64x2.mul(s, s));
  const q = doublePolynomial(
    square,
    [2.8853900817907703, 0.9617966724323496, 0.5770837670113492, 0.41166134159116885, 0.34094828387547516],
  );
  return f64x2.add(f64x2.mul(s, q), e);
}

/** The logarithm of two doubles of at least 1, NaN and Infinity included, times `scale`. */
export function logOfDoubles(code: Code, x: Local, scale: number): Value {
  const exponent = code.let(i64x2.shiftRight(i64x2.sub(x, code.doubles(Math.SQRT1_2)), 52));
  const m = code.let(i64x2.sub(x, i64x2.shl(exponent, 52)));
  const e = f64x2.sub(v128.or(exponent, code.doubles(2 ** 52)), 2 ** 52);
  return v128.select(f64x2.lt(x, Infinity), f64x2.mul(log2(code, m, e), scale * Math.LN2), x);
}

/** |x| to the power of y for two of the four lanes, in double: the exponent y log₂|x| needs more bits than a float. */
function powerOfHalf(code: Code, m: Local, e: Local, y: Local, half: number): Local {
  const log = log2(code, code.let(doubles(m, half)), doubles(e, half));
  const exponent = f64x2.mul(log, doubles(y, half));
  const within = code.let(f64x2.pmax(f64x2.pmin(exponent, 300), -300));
  const shifted = code.let(f64x2.add(within, DOUBLE_ROUNDER));
  const rest = code.let(f64x2.sub(within, f64x2.sub(shifted, DOUBLE_ROUNDER)));
  const power = doublePolynomial(
    rest,
    [
      0.9999999999177887, 0.6931472070253654, 0.24022651514658058, 0.0555032654357364, 0.009617993450175643,
      0.0013400700008650286, 0.000154783163482521,
    ],
  );
  return code.let(i64x2.add(power, i64x2.shl(shifted, 52)));
}

/** NaN, infinite exponents, and those whose product with the logarithm of 0 is too small. */
function notForPow(x: Value, y: Value): Value {
  const notFinite = f32x4.ne(f32x4.sub(y, y), f32x4.sub(y, y));
  const tiny = v128.and(f32x4.lt(f32x4.abs(y), 2 ** -100), f32x4.ne(y, 0));
  return v128.or(v128.or(notFinite, f32x4.ne(x, x)), tiny);
}

/** x to the power of a finite y. */
export const pow: Formula = (code, x, y, unless) => {
  unless?.(notForPow(x, y));
  const size = code.let(f32x4.abs(x));
  const { m, e } = split(code, size);
  // The logarithms of 0 and Infinity are larger than any other, but finite, so that their product with 0 is 0.
  const ends = v128.or(f32x4.eq(size, 0), f32x4.eq(size, Infinity));
  const far = v128.select(f32x4.eq(size, 0), code.floats(-3e38), code.floats(3e38));
  const exponent = code.let(v128.select(ends, far, e));
  const mantissa = code.let(v128.select(ends, code.floats(1), m));
  const [low, high] = [0, 1].map((half) => powerOfHalf(code, mantissa, exponent, y, half));
  const whole = code.let(f32x4.eq(f32x4.nearest(y), y));
  const halved = code.let(f32x4.mul(y, 0.5));
  const odd = v128.and(whole, f32x4.ne(f32x4.nearest(halved), halved));
  const signed = v128.xor(floats(low, high), v128.and(signOf(code, x), odd));
  const undefinedAt = v128.andNot(f32x4.lt(x, 0), whole);
  return v128.or(signed, v128.and(undefinedAt, v128.andNot(code.floats(Number.NaN), f32x4.eq(x, -Infinity))));
};
