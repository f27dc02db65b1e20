import { type Binary, one, two, type Unary } from './instruction.ts';

// Instructions on vectors of 16 bytes.

export const splat: Unary = one(0x0f);
// Signed.
export const lt: Binary = two(0x25);
export const narrow: Binary = two(0x65);
