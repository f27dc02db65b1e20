import { type Binary, binary, type Load, loads, type Store, stores, type Unary, unary } from './instruction.ts';

// Instructions on 32-bit integers.

export const load: Load = loads(0x28);
export const load8: Load = loads(0x2d);
export const store: Store = stores(0x36);
export const store8: Store = stores(0x3a);
export const eqz: Unary = unary(0x45);
export const eq: Binary = binary(0x46);
export const ne: Binary = binary(0x47);
// Comparisons are unsigned: addresses may lie beyond 2^31.
export const lt: Binary = binary(0x49);
export const le: Binary = binary(0x4d);
export const ge: Binary = binary(0x4f);
// How many zeros there are below the lowest bit that is set.
export const trailingZeros: Unary = unary(0x68);
export const add: Binary = binary(0x6a);
export const sub: Binary = binary(0x6b);
export const mul: Binary = binary(0x6c);
export const div: Binary = binary(0x6e);
export const and: Binary = binary(0x71);
export const or: Binary = binary(0x72);
export const shl: Binary = binary(0x74);
