import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as v128 from '../../wasm/v128.ts';
import { doubles, floats } from '../halves.ts';
import { type Formula, signOf } from './exponential.ts';

/**
 * Exact, with the divisor's sign: multiples of the divisor are taken away, of so few bits each that neither they nor
 * what is left are rounded, until less than the divisor is left, at either side of 0.
 */
export const mod: Formula = (code, x, y) => {
  const pairs = [0, 1].map((half) => [code.let(doubles(x, half)), code.let(doubles(y, half))] as const);
  const first29Bits = code.lanes(-(2 ** 24), -1, -(2 ** 24), -1);
  const [low, high] = pairs.map(([rest, divisor]) => f64x2.le(f64x2.abs(divisor), f64x2.abs(rest)));
  const takeAway = (): void => {
    for (const [rest, divisor] of pairs) {
      const times = v128.and(f64x2.trunc(f64x2.div(rest, divisor)), first29Bits);
      const isLess = f64x2.lt(f64x2.abs(rest), f64x2.abs(divisor));
      code.set(rest, f64x2.sub(rest, v128.andNot(f64x2.mul(times, divisor), isLess)));
    }
  };
  code.repeat(takeAway, v128.anyTrue(v128.or(low, high)));
  const [left, right] = pairs.map(([rest, divisor]) =>
    f64x2.add(rest, v128.and(divisor, f64x2.lt(f64x2.mul(rest, divisor), 0))),
  );
  const result = code.let(floats(left, right));
  return v128.or(result, v128.and(f32x4.eq(result, 0), signOf(code, x)));
};
