import { erf } from '../erf.ts';

export type Unary = (x: number) => number;
export type Binary = (x: number, y: number) => number;

/** Of one input. Results are stored in the output's dtype, which rounds, truncates or wraps them. */
export const unaryFormulas: Readonly<Record<string, Unary>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: (x) => {
    const up = Math.round(x);
    return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
  },
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sigmoid: (x) => {
    // Of the two forms the one whose exponential cannot overflow.
    const e = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  },
  erf,
  logicalNot: (x) => (x === 0 ? 1 : 0),
  relu: (x) => (x <= 0 ? 0 : x),
  relu6: (x) => (x <= 0 ? 0 : x >= 6 ? 6 : x),
};

/** Of two inputs. */
export const binaryFormulas: Readonly<Record<string, Binary>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maximum: Math.max,
  minimum: Math.min,
  mod: (x, y) => {
    const rest = x % y;
    return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
  },
  floorDiv: (x, y) => Math.floor(x / y),
  // ECMAScript has NaN where IEEE 754 has 1.
  pow: (x, y) => (x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y),
  atan2: Math.atan2,
  hypot: (x, y) => Math.hypot(x, y),
  less: (x, y) => (x < y ? 1 : 0),
  lessEqual: (x, y) => (x <= y ? 1 : 0),
  equal: (x, y) => (x === y ? 1 : 0),
  bitwiseAnd: (x, y) => x & y,
  tanhGrad: (g, y) => g * (1 - y * y),
  sigmoidGrad: (g, y) => g * y * (1 - y),
};

/** Where doubles cannot hold the exact result of two int32 before it wraps. */
export const int32Formulas: Readonly<Record<string, Binary | undefined>> = { mul: Math.imul };
