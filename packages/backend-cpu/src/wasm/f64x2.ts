import { type Binary, type Extract, extracts, one, two, type Unary } from './instruction.ts';

// Instructions on vectors of 2 doubles.

export const splat: Unary = one(0x14);
export const extract: Extract = extracts(0x21);
export const eq: Binary = two(0x47);
export const ne: Binary = two(0x48);
export const nearest: Unary = one(0x94);
export const add: Binary = two(0xf0);
export const sub: Binary = two(0xf1);
export const mul: Binary = two(0xf2);
export const div: Binary = two(0xf3);
export const min: Binary = two(0xf4);
export const max: Binary = two(0xf5);
export const pmin: Binary = two(0xf6);
export const pmax: Binary = two(0xf7);
export const fromFloats: Unary = one(0x5f);
