import {
  apply,
  type Binary,
  type Extract,
  extracts,
  one,
  type Ternary,
  two,
  type Unary,
  vector,
} from './instruction.ts';

// Instructions on vectors of 4 floats.

/* @__NO_SIDE_EFFECTS__ */
function lanewise(opcode: number): Binary {
  return two(opcode, 'floats');
}

export const splat: Unary = one(0x13);
export const extract: Extract = extracts(0x1f);
export const eq: Binary = lanewise(0x41);
export const ne: Binary = lanewise(0x42);
export const lt: Binary = lanewise(0x43);
export const gt: Binary = lanewise(0x44);
export const le: Binary = lanewise(0x45);
export const ge: Binary = lanewise(0x46);
export const ceil: Unary = one(0x67);
export const floor: Unary = one(0x68);
export const nearest: Unary = one(0x6a);
export const abs: Unary = one(0xe0);
export const neg: Unary = one(0xe1);
export const sqrt: Unary = one(0xe3);
export const add: Binary = lanewise(0xe4);
export const sub: Binary = lanewise(0xe5);
export const mul: Binary = lanewise(0xe6);
export const div: Binary = lanewise(0xe7);
export const min: Binary = lanewise(0xe8);
export const max: Binary = lanewise(0xe9);
// y where y < x, else x; hence x where one is NaN.
export const pmin: Binary = lanewise(0xea);
// y where y > x, else x; hence x where one is NaN.
export const pmax: Binary = lanewise(0xeb);
// x * y + z, rounded once where the processor can; of relaxed SIMD.
export const multiplyAdd: Ternary = (x, y, z) => apply(vector(0x105), [x, y, z]);
export const fromInts: Unary = one(0xfa);
export const fromDoubles: Unary = one(0x5e);
