import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Binary } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';

/**
 * A formula on vectors of four floats. It may ask for constants and variables of the function around it. Where `unless`
 * is given it may take a quicker form and name, as a mask, the lanes in which that does not hold.
 */
export type Formula = (code: Code, x: Local, y: Local, unless?: Unless) => Value;

/** Is told where a quick form does not hold: the loop then computes the whole turn again without it. */
export type Unless = (mask: Value) => void;

/** c₀ + c₁x + c₂x² + ... by Horner's scheme; of floats, unless it is said how to add and multiply others. */
export function polynomial(
  x: Local,
  coefficients: readonly Value[],
  add: Binary = f32x4.add,
  mul: Binary = f32x4.mul,
): Value {
  return coefficients.reduceRight((sum, c) => add(mul(sum, x), c));
}

/** x³ P(x²) for the polynomial with these coefficients. */
export function cubic(x: Local, square: Local, coefficients: readonly number[]): Value {
  return f32x4.mul(x, f32x4.mul(square, polynomial(square, coefficients)));
}

export function signOf(code: Code, x: Value): Value {
  return v128.and(x, code.ints(1 << 31));
}

export const LOG2_E: number = Math.LOG2E;
/** ln 2 in two parts, the first of so few bits that its products with exponents are exact. */
export const LN2_HIGH = 0.693145751953125;
export const LN2_LOW: number = Math.LN2 - LN2_HIGH;

/** Adding it to a small float rounds it to an integer, which is in the lowest bits of the sum. */
const ROUNDER = 1.5 * 2 ** 23;

/** The power e^(ax) of a vector x as 2^n (1 + p), with |p| below ½: p, and a vector whose lowest bits are n. */
interface Power {
  readonly n: Local;
  readonly p: Local;
}

/** (e^r - 1 - r) / r² for |r| at most half of ln 2: the power to 2^-28 of itself, and to 2^-23. */
const FINE = [0.49999994, 0.16666521, 0.04166839, 0.008368745, 0.001381454];
const COARSE = [0.4999923, 0.16667116, 0.04189033, 0.008312501];

/** Good for |ax| < 200; a is 1, -1 or 2, so that what its products with the parts of ln 2 must be exact for stays so. */
function powerOf(code: Code, x: Local, a: 1 | -1 | 2 = 1, coefficients: readonly number[] = FINE): Power {
  const n = code.let(f32x4.add(f32x4.mul(x, a * LOG2_E), ROUNDER));
  const whole = code.let(f32x4.sub(n, ROUNDER));
  const near = f32x4.sub(x, f32x4.mul(whole, LN2_HIGH / a));
  const r = code.let(f32x4.sub(near, f32x4.mul(whole, LN2_LOW / a)));
  const square = f32x4.mul(r, r);
  const curved = f32x4.mul(
    square,
    polynomial(
      r,
      coefficients.map((c, i) => c * a ** (i + 2)),
    ),
  );
  const straight = a === 2 ? f32x4.add(r, r) : r;
  return { n, p: code.let((a < 0 ? f32x4.sub : f32x4.add)(curved, straight)) };
}

/** 2 to the power of an integer in [-126, 127], which the lowest bits of a sum with `ROUNDER` hold. */
function powerOfTwo(code: Code, n: Value): Local {
  return code.let(i32x4.add(i32x4.shl(n, 23), code.floats(1)));
}

/** x times 2 to the power of k, in two steps: what is subnormal or overflows needs more than one power of two. */
function scaled(code: Code, x: Value, k: Local): Value {
  const half = code.let(i32x4.shiftRight(k, 1));
  return f32x4.mul(f32x4.mul(x, powerOfTwo(code, half)), powerOfTwo(code, i32x4.sub(k, half)));
}

function clamped(code: Code, x: Value, low: number, high: number): Local {
  return code.let(f32x4.pmax(f32x4.pmin(x, high), low));
}

export function withSignOf(code: Code, x: Value, size: Value): Value {
  return v128.select(code.ints(1 << 31), x, size);
}

/** Up to this size arguments of exponentials give normal numbers. */
const NORMAL = 87;

function outside(x: Local): Value {
  return v128.not(f32x4.le(f32x4.abs(x), NORMAL));
}

/** e to the power of x, also where that is subnormal, 0 or infinite. */
export const exp: Formula = (code, x, _, unless) => {
  unless?.(outside(x));
  const { n, p } = powerOf(code, unless ? x : clamped(code, x, -104, 89));
  const mantissa = f32x4.add(p, 1);
  if (unless) return i32x4.add(mantissa, i32x4.shl(n, 23));
  return scaled(code, mantissa, code.let(i32x4.sub(n, code.floats(ROUNDER))));
};

/** As `exp` for x of at most 88, with 0 for what is subnormal. */
export function expBelow(code: Code, x: Local): Value {
  const { n, p } = powerOf(code, x);
  const scale = powerOfTwo(code, n);
  return v128.andNot(f32x4.add(scale, f32x4.mul(p, scale)), f32x4.lt(x, -NORMAL));
}

export const expm1: Formula = (code, x, _, unless) => {
  unless?.(outside(x));
  const { n, p } = powerOf(code, unless ? x : clamped(code, x, -18, 89));
  if (unless) {
    const scale = powerOfTwo(code, n);
    return withSignOf(code, x, f32x4.add(f32x4.mul(p, scale), f32x4.sub(scale, 1)));
  }
  const k = code.let(i32x4.sub(n, code.floats(ROUNDER)));
  const rest = f32x4.sub(1, powerOfTwo(code, i32x4.max(i32x4.sub(0, k), -126)));
  return withSignOf(code, x, scaled(code, f32x4.add(p, rest), k));
};

/** (tanh(x) - x) / x³ by x², for tanh(x) up to ½. */
const TANH = [-0.3333295, 0.133208, -0.052676797, 0.01644737];
const HALF = 0.5493;

export const tanh: Formula = (code, x) => {
  const size = code.let(f32x4.pmin(f32x4.abs(x), 10));
  const square = code.let(f32x4.mul(size, size));
  const near = code.let(f32x4.add(size, cubic(size, square, TANH)));
  const { n, p } = powerOf(code, size, 2, COARSE);
  const e = i32x4.add(f32x4.add(p, 1), i32x4.shl(n, 23));
  const far = f32x4.sub(1, f32x4.div(2, f32x4.add(e, 1)));
  // Not far is also NaN, whose bits would be an exponent there.
  return withSignOf(code, x, v128.select(f32x4.gt(size, HALF), far, near));
};

/** Quarters of e^|x| and e^-|x|: half of their sum or difference is finite wherever the result is. */
function quarters(code: Code, x: Local): Local[] {
  const size = code.let(f32x4.pmin(f32x4.abs(x), 90));
  const { n, p } = powerOf(code, size);
  const rising = code.let(f32x4.mul(f32x4.add(p, 1), powerOfTwo(code, i32x4.sub(n, 2))));
  return [rising, code.let(f32x4.div(1 / 16, rising))];
}

export const cosh: Formula = (code, x) => {
  const [rising, falling] = quarters(code, x);
  return f32x4.mul(f32x4.add(rising, falling), 2);
};

export const sinh: Formula = (code, x) => {
  const square = code.let(f32x4.mul(x, x));
  // (sinh(x) - x) / x³ by x², for |x| up to 1.
  const near = f32x4.add(x, cubic(x, square, [0.16666667, 0.0083333105, 0.00019842896, 0.0000027822132]));
  const [rising, falling] = quarters(code, x);
  const far = withSignOf(code, x, f32x4.mul(f32x4.sub(rising, falling), 2));
  return v128.select(f32x4.lt(square, 1), near, far);
};

export const sigmoid: Formula = (code, x, _, unless) => {
  if (unless) {
    unless(outside(x));
    // 1 + e^-x with one rounding that counts.
    const { n, p } = powerOf(code, x, -1);
    const scale = powerOfTwo(code, n);
    const sum = f32x4.add(scale, f32x4.add(f32x4.mul(p, scale), 1));
    return f32x4.div(1, sum);
  }
  // Of its two forms the one whose exponential cannot overflow.
  const away = code.let(f32x4.neg(f32x4.abs(x)));
  const e = code.let(exp(code, away, away));
  const above = v128.select(f32x4.lt(x, 0), e, code.floats(1));
  return f32x4.div(above, f32x4.add(e, 1));
};

export const erf: Formula = (code, x) => {
  const size = code.let(f32x4.pmin(f32x4.abs(x), 4));
  const square = code.let(f32x4.mul(size, size));
  // erf(x) / x - 1 for x² in [0, 1].
  const near = polynomial(
    square,
    [0.1283791671, -0.37612638, 0.11283783, -0.026865445, 0.005221075, -0.00084847113, 0.00011270545, -0.000009680136],
  );
  const inside = code.let(f32x4.add(size, f32x4.mul(size, near)));
  // e^(x²) erfc(x) for t = (x - 5/2) / (3/2), x in [1, 4].
  const t = f32x4.mul(f32x4.sub(size, 2.5), 2 / 3);
  const far = polynomial(
    code.let(t),
    [
      0.21080637, -0.11152406, 0.056087814, -0.02701995, 0.012736701, -0.004867659, 0.0027845984, -0.0020174761,
      -0.0012926196, -0.0010315661,
    ],
  );
  const tail = f32x4.mul(expBelow(code, code.let(f32x4.neg(square))), far);
  const outside = code.let(f32x4.sub(1, tail));
  const result = v128.select(f32x4.gt(size, 1), outside, inside);
  return withSignOf(code, x, result);
};
