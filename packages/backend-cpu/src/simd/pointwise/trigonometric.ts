import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import { lanes } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';
import { doubles, floats } from '../halves.ts';
import { cubic, type Formula, polynomial } from './exponential.ts';
import { DOUBLE_ROUNDER, doublePolynomial } from './logarithm.ts';

/** π/2 in two parts, the first of so few bits that its products with numbers of quarter turns are exact. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW: number = 6.077100506506192e-11;

/** Beyond this the number of quarter turns has too many bits. */
const PERIODIC_LIMIT: number = 2 ** 19;

function tooFar(x: Local): Value {
  return f32x4.gt(f32x4.abs(x), PERIODIC_LIMIT);
}

/** x less the nearest multiple of π/2, of which `f` is taken, and the number of that multiple; its last two bits count. */
function reduced(code: Code, x: Local, f = (r: Local): Value => r): { r: Local; quarter: Local } {
  const parts = [0, 1].map((half) => {
    const wide = code.let(doubles(x, half));
    const turns = f64x2.mul(wide, 2 / Math.PI);
    const shifted = code.let(f64x2.add(turns, DOUBLE_ROUNDER));
    const n = code.let(f64x2.sub(shifted, DOUBLE_ROUNDER));
    const near = f64x2.sub(wide, f64x2.mul(n, HALF_PI_HIGH));
    return { shifted, r: f(code.let(f64x2.sub(near, f64x2.mul(n, HALF_PI_LOW)))) };
  });
  const r = code.let(floats(parts[0].r, parts[1].r));
  return { r, quarter: code.let(lanes(parts[0].shifted, parts[1].shifted, [0, 2, 4, 6])) };
}

/** The sine of r plus `quarter` quarter turns. */
function turned(code: Code, r: Local, quarter: Local): Value {
  const square = code.let(f32x4.mul(r, r));
  const sine = code.let(f32x4.add(r, cubic(r, square, [-0.16666655, 0.008332176, -0.0001951695])));
  const c = polynomial(square, [0.041666646, -0.0013887372, 0.000024438757]);
  const rest = f32x4.mul(f32x4.mul(square, square), c);
  const half = f32x4.sub(1, f32x4.mul(square, 0.5));
  const cosine = code.let(f32x4.add(half, rest));
  const sign = i32x4.shl(v128.and(quarter, code.ints(2)), 30);
  return v128.xor(v128.select(isOdd(code, quarter), cosine, sine), sign);
}

function isOdd(code: Code, n: Local): Value {
  return i32x4.eq(v128.and(n, code.ints(1)), 1);
}

/** Good for arguments that are not too far away. */
export const sin: Formula = (code, x, _, unless) => {
  unless?.(tooFar(x));
  const { r, quarter } = reduced(code, x);
  // The sum above loses the sign of zero.
  return v128.select(f32x4.eq(x, 0), x, turned(code, r, quarter));
};

/** As `sin`. */
export const cos: Formula = (code, x, _, unless) => {
  unless?.(tooFar(x));
  const { r, quarter } = reduced(code, x);
  return turned(code, r, code.let(i32x4.add(quarter, 1)));
};

/** (tan(x) - x) / x³ by x², for |x| up to π/4. */
const TAN = [0.3333335, 0.133326542, 0.0540609878, 0.0212764772, 0.0108510598, 0.0000696631815, 0.00438633752];

/** As `sin`. */
export const tan: Formula = (code, x, _, unless) => {
  unless?.(tooFar(x));
  const { r, quarter } = reduced(code, x, (r) => {
    const square = code.let(f64x2.mul(r, r));
    return f64x2.add(r, f64x2.mul(r, f64x2.mul(square, doublePolynomial(square, TAN))));
  });
  return v128.select(isOdd(code, quarter), f32x4.div(-1, r), r);
};
