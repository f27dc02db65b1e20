import type { Lowering, ScalarType } from '@wengert/fusion';
import type { Code, Local, MathFunction, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as i64x2 from '../../wasm/i64x2.ts';
import { callMath, lanes } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';
import { floats, halfOf } from '../halves.ts';
import type { Unless } from './exponential.ts';
import { mathOf, operatorOf, ownOf } from './operations.ts';

/** Four values: a vector of floats, ints or masks, all bits of which stand for true; or two vectors of doubles. */
export type Lanes = readonly Local[];

/**
 * What `f` gives for each vector. Beside doubles masks come in lanes of 64 bits, and masks and ints leave in the low
 * halves of such.
 */
function byVector(code: Code, type: ScalarType, args: readonly Lanes[], f: (...vectors: Local[]) => Value): Lanes {
  const vectors = Math.max(...args.map((x) => x.length));
  const part = (x: Lanes, half: number): Local =>
    x.length === vectors ? x[half] : code.let(i64x2.extendLow(halfOf(x[0], half)));
  const results = Array.from({ length: vectors }, (_, half) => code.let(f(...args.map((x) => part(x, half)))));
  return vectors > 1 && type !== 'double' ? [code.let(lanes(results[0], results[1], [0, 2, 4, 6]))] : results;
}

const TWO_32 = 2 ** 32;
/** Added to it, a whole number below 2^32 is in the low half of the sum's bits. */
const TWO_52 = 2 ** 52;

/** Two doubles as ints in the low halves of 64 bits, as by ECMAScript's ToInt32. */
function toInts(code: Code, x: Local): Value {
  const whole = code.let(f64x2.trunc(x));
  // Exact, for what is taken away are multiples of a power of two.
  const wraps = f64x2.mul(f64x2.floor(f64x2.mul(whole, 1 / TWO_32)), TWO_32);
  // 0 where it is NaN.
  return f64x2.add(f64x2.pmax(0, f64x2.sub(whole, wraps)), TWO_52);
}

const NOT_ZERO = { float: f32x4.ne, double: f64x2.ne, int: i32x4.ne };
/** Of the low two lanes; -1 stands for true. */
const TO_DOUBLES = { float: f64x2.fromFloats, int: f64x2.fromInts, bool: (x: Value) => f64x2.abs(f64x2.fromInts(x)) };

function cast(code: Code, x: Lanes, from: ScalarType, to: ScalarType): Lanes {
  if (from === to) return x;
  if (to === 'double' && from !== 'double') return [0, 1].map((half) => code.let(TO_DOUBLES[from](halfOf(x[0], half))));
  if (to === 'bool' && from !== 'bool') return byVector(code, to, [x], (vector) => NOT_ZERO[from](vector, 0));
  if (from === 'double' && to === 'int') return byVector(code, to, [x], (vector) => toInts(code, vector));
  const [low, high] = x;
  if (from === 'double') return [code.let(floats(low, high))];
  if (from === 'bool') return [code.let(v128.and(low, to === 'float' ? code.floats(1) : code.ints(1)))];
  if (to === 'float') return [code.let(f32x4.fromInts(low))];
  return cast(code, cast(code, x, from, 'double'), 'double', to);
}

/** A function of `Math` on vectors of doubles. */
function byMath(code: Code, name: MathFunction, ...args: readonly Local[]): Value {
  const lane = (i: number): Value => callMath(name, ...args.map((x) => f64x2.extract(x, i)));
  const values = f64x2.replace(f64x2.splat(lane(0)), 1, lane(1));
  if (name !== 'pow') return values;
  // IEEE 754 has 1 where ECMAScript has NaN.
  const [x, y] = args;
  const endless = f64x2.eq(f64x2.abs(y), Infinity);
  const ones = v128.or(f64x2.eq(x, 1), v128.and(f64x2.eq(f64x2.abs(x), 1), endless));
  return v128.select(ones, code.doubles(1), values);
}

/**
 * Computes a formula on the lanes of its inputs. With `unless` the result may be wrong in the lanes that it is told;
 * without, it holds everywhere.
 */
export function lowering(code: Code, unless?: Unless): Lowering<Lanes> {
  return {
    constant({ value, type }) {
      if (type === 'double') return [code.doubles(value), code.doubles(value)];
      return [type === 'float' ? code.floats(value) : code.ints(type === 'bool' ? -value : value)];
    },
    apply(node, args) {
      const { op, type } = node;
      if (op === 'cast') return cast(code, args[0], node.args[0].type, type);
      const own = ownOf(node, unless);
      if (own !== undefined) return byVector(code, type, args, (x, y) => own(code, x, y, unless));
      const name = mathOf(node);
      if (name !== undefined) {
        const wide = args.map((x) => cast(code, x, type, 'double'));
        const values = byVector(code, 'double', wide, (...vectors) => byMath(code, name, ...vectors));
        return cast(code, values, 'double', type);
      }
      const operator = operatorOf(node);
      if (operator === undefined) throw new Error(`no vector instructions for ${op}`);
      return byVector(code, type, args, operator);
    },
  };
}
