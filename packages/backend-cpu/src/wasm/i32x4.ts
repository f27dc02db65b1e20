import { type Binary, type Extract, extracts, one, type Shift, shifts, two, type Unary } from './instruction.ts';

// Instructions on vectors of 4 integers.

/* @__NO_SIDE_EFFECTS__ */
function lanewise(opcode: number): Binary {
  return two(opcode, 'ints');
}

export const splat: Unary = one(0x11);
export const extract: Extract = extracts(0x1b);
export const eq: Binary = lanewise(0x37);
export const ne: Binary = lanewise(0x38);
// Signed, as all of these.
export const lt: Binary = lanewise(0x39);
export const le: Binary = lanewise(0x3d);
export const abs: Unary = one(0xa0);
export const neg: Unary = one(0xa1);
export const bitmask: Unary = one(0xa4);
export const extendLow: Unary = one(0xa9);
export const shl: Shift = shifts(0xab);
export const shiftRight: Shift = shifts(0xac);
export const add: Binary = lanewise(0xae);
export const sub: Binary = lanewise(0xb1);
export const mul: Binary = lanewise(0xb5);
export const min: Binary = lanewise(0xb6);
export const max: Binary = lanewise(0xb8);
export const fromFloats: Unary = one(0xf8);
