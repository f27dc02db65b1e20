import type { ScalarType } from '@wengert/fusion';
import type { Local, Type, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i8x16 from '../../wasm/i8x16.ts';
import * as i16x8 from '../../wasm/i16x8.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Load, Unary } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';

/** How the elements of a type lie in memory, and come from there into vectors and back. */
interface Elements {
  readonly bytes: number;
  /** The type of a parameter of the loop. */
  readonly parameter: Type;
  /** That parameter in all lanes. */
  readonly splat: Unary;
  readonly load: Load;
  /** One element in all lanes. */
  readonly repeat: (address: Value) => Value;
  readonly store: (address: Value, x: Local, offset: number) => Value;
}

export const ELEMENTS: Readonly<Record<ScalarType, Elements>> = {
  float: {
    bytes: 4,
    parameter: 'f32',
    splat: f32x4.splat,
    load: v128.load,
    repeat: v128.load32Splat,
    store: v128.store,
  },
  double: {
    bytes: 8,
    parameter: 'f64',
    splat: f64x2.splat,
    load: v128.load,
    repeat: v128.load64Splat,
    store: v128.store,
  },
  int: { bytes: 4, parameter: 'i32', splat: i32x4.splat, load: v128.load, repeat: v128.load32Splat, store: v128.store },
  bool: {
    bytes: 1,
    parameter: 'i32',
    splat: i32x4.splat,
    load: (address, offset) => isTrue(i32x4.extendLow(i16x8.extendLow(v128.load32(address, offset)))),
    repeat: (address) => isTrue(i32x4.splat(i32.load8(address))),
    store: (address, mask, offset) => i32.store(address, i32x4.extract(bytesOf(mask), 0), offset),
  },
};

const isTrue: Unary = (x) => i32x4.ne(x, 0);

/** A mask of four lanes as four bytes that are 0 or 1, several times. */
function bytesOf(mask: Local): Value {
  return (to) => {
    const words = to.let(i16x8.narrow(mask, mask));
    to.do(v128.and(i8x16.narrow(words, words), to.ints(0x01010101)));
  };
}

/** How many vectors four elements fill. */
export function vectorsOf(type: ScalarType): number {
  return Math.ceil(ELEMENTS[type].bytes / 4);
}
