import type { Value } from './code.ts';
import {
  apply,
  type Binary,
  type Load,
  loads,
  one,
  type Select,
  type Store,
  stores,
  two,
  type Unary,
  vector,
} from './instruction.ts';

// Instructions on the bits of vectors.

export const load: Load = loads(...vector(0));
export const load32Splat: Load = loads(...vector(0x09));
export const load64Splat: Load = loads(...vector(0x0a));
export const load32: Load = loads(...vector(0x5c));
export const load64: Load = loads(...vector(0x5d));
export const store: Store = stores(...vector(0x0b));
const FIRST: Readonly<Record<number, number>> = { 1: 0x58, 4: 0x5a, 8: 0x5b };
// So many bytes of the vector.
export const storeFirst = (size: number, address: Value, x: Value): Value =>
  apply(vector(FIRST[size]), [address, x], [0, 0, 0]);
export const and: Binary = two(0x4e);
// Of x what is not in y.
export const andNot: Binary = two(0x4f);
export const or: Binary = two(0x50);
export const xor: Binary = two(0x51);
export const anyTrue: Unary = one(0x53);
export const not: Unary = one(0x4d);
// x where the mask is set, else y.
export const select: Select = (mask, x, y) => apply(vector(0x52), [x, y, mask]);
