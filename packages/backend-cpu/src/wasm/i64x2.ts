import { type Binary, one, type Shift, shifts, two, type Unary } from './instruction.ts';

// Instructions on vectors of 2 integers.

// Signed.
export const extendLow: Unary = one(0xc7);
export const shl: Shift = shifts(0xcb);
export const shiftRight: Shift = shifts(0xcc);
export const add: Binary = two(0xce);
export const sub: Binary = two(0xd1);
