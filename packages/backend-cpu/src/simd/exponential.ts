import type { Code, Local, Value } from '../wasm/code.ts';
import { f32x4, i32x4, v128 } from '../wasm/instructions.ts';

/** A formula on vectors of four floats. It may ask for constants and variables of the function around it. */
export type Formula = (code: Code, x: Local, y: Local) => Value;

/** c₀ + c₁x + c₂x² + ... by Horner's scheme. */
export function polynomial(code: Code, x: Value, coefficients: readonly number[]): Value {
  return coefficients.reduceRight<Value | null>(
    (sum, c) => (sum === null ? code.floats(c) : f32x4.add(f32x4.mul(sum, x), code.floats(c))),
    null,
  ) as Value;
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

/** x as k ln 2 + r with |r| at most half of ln 2: returns k, and eʳ - 1. Good for |x| < 200. */
function reduced(code: Code, x: Local): { k: Local; p: Local } {
  const shifted = code.let('v128', f32x4.add(f32x4.mul(x, code.floats(LOG2_E)), code.floats(ROUNDER)));
  const n = code.let('v128', f32x4.sub(shifted, code.floats(ROUNDER)));
  const high = code.let('v128', f32x4.sub(x, f32x4.mul(n, code.floats(LN2_HIGH))));
  const low = code.let('v128', f32x4.mul(n, code.floats(LN2_LOW)));
  const r = code.let('v128', f32x4.sub(high, low));
  // (eʳ - 1 - r) / r², to 2^-26 of r.
  const q = polynomial(code, r, [0.5, 0.16666542, 0.04166628, 0.0083666982, 0.0013946643]);
  // What is small is added first, so that only the last addition rounds noticeably.
  const small = f32x4.sub(f32x4.mul(f32x4.mul(r, r), q), low);
  const p = code.let('v128', f32x4.add(high, small));
  const k = code.let('v128', i32x4.sub(shifted, code.floats(ROUNDER)));
  return { k, p };
}

/** 2 to the power of an integer in [-126, 127]. */
function powerOfTwo(code: Code, k: Value): Value {
  return i32x4.shl(i32x4.add(k, code.ints(127)), 23);
}

/** x times 2 to the power of k, in two steps: what is subnormal or overflows needs more than one power of two. */
function scaled(code: Code, x: Value, k: Local): Value {
  const half = code.let('v128', i32x4.shiftRight(k, 1));
  return f32x4.mul(f32x4.mul(x, powerOfTwo(code, half)), powerOfTwo(code, i32x4.sub(k, half)));
}

function clamped(code: Code, x: Value, low: number, high: number): Local {
  return code.let('v128', f32x4.pmax(f32x4.pmin(x, code.floats(high)), code.floats(low)));
}

/** e to the power of x, also where that is subnormal, 0 or infinite. */
export const exp: Formula = (code, x) => {
  const { k, p } = reduced(code, clamped(code, x, -104, 89));
  return scaled(code, f32x4.add(p, code.floats(1)), k);
};

/** As `exp` for x in [-87, 88]. */
export function expWithin(code: Code, x: Local): Value {
  const { k, p } = reduced(code, x);
  return f32x4.mul(f32x4.add(p, code.floats(1)), powerOfTwo(code, k));
}

export const expm1: Formula = (code, x) => {
  const { k, p } = reduced(code, clamped(code, x, -18, 89));
  const rest = f32x4.sub(code.floats(1), powerOfTwo(code, i32x4.max(i32x4.sub(code.ints(0), k), code.ints(-126))));
  return v128.or(scaled(code, f32x4.add(p, rest), k), signOf(code, x));
};

/** (tanh(x) - x) / x³ by x², for |x| up to 0.625. */
const TANH = [-0.33333284, 0.13331515, -0.053745143, 0.020655219, -0.00572163];

export const tanh: Formula = (code, x) => {
  const size = code.let('v128', f32x4.abs(x));
  const square = code.let('v128', f32x4.mul(size, size));
  const cubic = f32x4.mul(f32x4.mul(size, square), polynomial(code, square, TANH));
  const near = code.let('v128', f32x4.add(size, cubic));
  const e = expWithin(code, code.let('v128', f32x4.pmin(f32x4.add(size, size), code.floats(20))));
  const far = f32x4.sub(code.floats(1), f32x4.div(code.floats(2), f32x4.add(e, code.floats(1))));
  return v128.or(v128.select(f32x4.lt(size, code.floats(0.625)), near, far), signOf(code, x));
};

/** Of its two forms the one whose exponential cannot overflow. */
export const sigmoid: Formula = (code, x) => {
  const away = code.let('v128', f32x4.neg(f32x4.abs(x)));
  const e = code.let('v128', exp(code, away, away));
  const above = v128.select(f32x4.lt(x, code.floats(0)), e, code.floats(1));
  return f32x4.div(above, f32x4.add(e, code.floats(1)));
};

export const erf: Formula = (code, x) => {
  const size = code.let('v128', f32x4.pmin(f32x4.abs(x), code.floats(4)));
  const square = code.let('v128', f32x4.mul(size, size));
  // erf(x) / x - 1 for x² in [0, 1].
  const near = polynomial(
    code,
    square,
    [0.1283791671, -0.37612638, 0.11283783, -0.026865445, 0.005221075, -0.00084847113, 0.00011270545, -0.000009680136],
  );
  const inside = code.let('v128', f32x4.add(size, f32x4.mul(size, near)));
  // e^(x²) erfc(x) for t = (x - 5/2) / (3/2), x in [1, 4].
  const t = f32x4.mul(f32x4.sub(size, code.floats(2.5)), code.floats(2 / 3));
  const far = polynomial(
    code,
    code.let('v128', t),
    [
      0.21080637, -0.11152406, 0.056087814, -0.02701995, 0.012736701, -0.004867659, 0.0027845984, -0.0020174761,
      -0.0012926196, -0.0010315661,
    ],
  );
  const tail = f32x4.mul(expWithin(code, code.let('v128', f32x4.neg(square))), far);
  const outside = code.let('v128', f32x4.sub(code.floats(1), tail));
  const result = v128.select(f32x4.gt(size, code.floats(1)), outside, inside);
  return v128.or(result, signOf(code, x));
};
