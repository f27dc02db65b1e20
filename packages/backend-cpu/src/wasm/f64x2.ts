import {
  apply,
  type Binary,
  type Extract,
  extracts,
  one,
  type Replace,
  two,
  type Unary,
  vector,
} from './instruction.ts';

// Instructions on vectors of 2 doubles.

/* @__NO_SIDE_EFFECTS__ */
function lanewise(opcode: number): Binary {
  return two(opcode, 'doubles');
}

export const splat: Unary = one(0x14);
export const extract: Extract = extracts(0x21);
export const replace: Replace = (x, lane, value) => apply(vector(0x22), [x, value], [lane]);
export const eq: Binary = lanewise(0x47);
export const ne: Binary = lanewise(0x48);
export const lt: Binary = lanewise(0x49);
export const le: Binary = lanewise(0x4b);
export const ceil: Unary = one(0x74);
export const floor: Unary = one(0x75);
export const trunc: Unary = one(0x7a);
export const nearest: Unary = one(0x94);
export const abs: Unary = one(0xec);
export const neg: Unary = one(0xed);
export const sqrt: Unary = one(0xef);
export const add: Binary = lanewise(0xf0);
export const sub: Binary = lanewise(0xf1);
export const mul: Binary = lanewise(0xf2);
export const div: Binary = lanewise(0xf3);
export const min: Binary = lanewise(0xf4);
export const max: Binary = lanewise(0xf5);
export const pmin: Binary = lanewise(0xf6);
export const pmax: Binary = lanewise(0xf7);
// Of the low two lanes, as the next.
export const fromFloats: Unary = one(0x5f);
export const fromInts: Unary = one(0xfe);
