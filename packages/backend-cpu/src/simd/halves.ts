import type { Value } from '../wasm/code.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as f64x2 from '../wasm/f64x2.ts';
import { lanes } from '../wasm/instruction.ts';

// Of four lanes, two at a time have 64 bits in a vector.

/** The low or the high two of four lanes, as the low ones. */
export function halfOf(x: Value, half: number): Value {
  return half === 0 ? x : lanes(x, x, [2, 3, 2, 3]);
}

/** Four lanes from the low two of each. */
export function joined(low: Value, high: Value): Value {
  return lanes(low, high, [0, 1, 4, 5]);
}

/** The low or the high two of four floats, as doubles. */
export function doubles(x: Value, half: number): Value {
  return f64x2.fromFloats(halfOf(x, half));
}

/** Two pairs of doubles as four floats. */
export function floats(low: Value, high: Value): Value {
  return joined(f32x4.fromDoubles(low), f32x4.fromDoubles(high));
}
