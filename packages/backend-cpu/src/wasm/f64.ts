import { bytesOf } from './encoding.ts';
import { apply, type Const, type Unary, unary } from './instruction.ts';

// Instructions on doubles.

const constant: Const = (value) => apply([0x44, ...bytesOf(Float64Array.of(value))], []);
export const promote: Unary = unary(0xbb);

export { constant as const };
