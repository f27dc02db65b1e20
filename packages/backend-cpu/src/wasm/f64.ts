import { bytesOf } from './encoding.ts';
import { apply, type Binary, binary, type Const, type Unary, unary } from './instruction.ts';

// Instructions on doubles.

const constant: Const = (value) => apply([0x44, ...bytesOf(Float64Array.of(value))], []);
export const add: Binary = binary(0xa0);
export const min: Binary = binary(0xa4);
export const max: Binary = binary(0xa5);
export const promote: Unary = unary(0xbb);

export { constant as const };
