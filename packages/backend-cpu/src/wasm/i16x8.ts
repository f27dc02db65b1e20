import { type Binary, one, two, type Unary } from './instruction.ts';

// Instructions on vectors of 8 integers.

export const extendLow: Unary = one(0x89);
export const narrow: Binary = two(0x85);
