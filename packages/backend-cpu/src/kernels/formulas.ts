import { operations } from '@wengert/fusion';
import { erf } from '../erf.ts';

export type Unary = (x: number) => number;
export type Binary = (x: number, y: number) => number;

const { neg, abs, floor, ceil, roundEven, exp, expm1, log, log1p, sqrt, sigmoid } = operations;
const { sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh } = operations;
const { add, sub, mul, div, max, min, mod, pow, atan2, less, lessEqual, equal, bitAnd } = operations;

// Ops that are one operation are what fusion says; of others the loops want one function. Results are stored in the
// output's dtype, which rounds, truncates or wraps them.

/** Of one input. */
export const unaryFormulas: Readonly<Record<string, Unary>> = {
  ...{ neg, abs, floor, ceil, round: roundEven, exp, expm1, log, log1p, sqrt, sigmoid },
  ...{ sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh },
  sign: Math.sign,
  reciprocal: (x) => 1 / x,
  erf,
  logicalNot: (x) => (x === 0 ? 1 : 0),
  relu: (x) => (x <= 0 ? 0 : x),
  relu6: (x) => (x <= 0 ? 0 : x >= 6 ? 6 : x),
};

/** Of two inputs. */
export const binaryFormulas: Readonly<Record<string, Binary>> = {
  ...{ add, sub, mul, div, maximum: max, minimum: min, mod, pow, atan2, less, lessEqual, equal, bitwiseAnd: bitAnd },
  floorDiv: (x, y) => Math.floor(x / y),
  hypot: (x, y) => Math.hypot(x, y),
  tanhGrad: (g, y) => g * (1 - y * y),
  sigmoidGrad: (g, y) => g * y * (1 - y),
};

/** Where doubles cannot hold the exact result of two int32 before it wraps. */
export const int32Formulas: Readonly<Record<string, Binary | undefined>> = { mul: Math.imul };
