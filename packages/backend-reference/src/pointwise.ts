import { type Block, type KernelTable, type Output, type Storage, sameShape, sizeOf } from '@wengert/core/functions';
import { erf } from './erf.ts';
import { broadcastStrides, pick, positions } from './positions.ts';
import { store, valuesOf } from './storage.ts';

type Formula = (x: number, y: number, z: number) => number;

/** The one loop of the family. */
function pointwise(formula: Formula, int32Formula: Formula = formula) {
  return (inputs: readonly Block[], _: unknown, [out]: readonly Output[]): [Storage] => {
    const [x, y = x, z = x] = inputs.map((input) => broadcast(input, out.shape));
    const f = out.dtype === 'int32' ? int32Formula : formula;
    const result = new Float64Array(sizeOf(out.shape));
    for (let i = 0; i < result.length; i++) result[i] = f(x[i], y[i], z[i]);
    return [store(out, result)];
  };
}

function broadcast(input: Block, shape: readonly number[]): Float64Array {
  const values = valuesOf(input);
  return sameShape(input.shape, shape) ? values : pick(values, positions(shape, broadcastStrides(input.shape, shape)));
}

/** The remainder with the sign of the divisor, from the exact remainder with the sign of the dividend. */
function mod(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

/** IEEE 754's pow; ECMAScript's differs from it in giving NaN for the powers of 1 and -1 that are decided here. */
function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

/** Half to even: above 2^52 there are no fractions, and adding 2^52 makes the addition itself round them off. */
function round(x: number): number {
  const magnitude = Math.abs(x);
  return magnitude < 2 ** 52 ? Math.sign(x) * (magnitude + 2 ** 52 - 2 ** 52) : x;
}

/** 1 / (1 + e^-x), arranged so that the exponential never overflows. */
function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

export const pointwiseKernels: KernelTable = {
  add: pointwise((x, y) => x + y),
  sub: pointwise((x, y) => x - y),
  mul: pointwise((x, y) => x * y, Math.imul), // a product of two int32 can exceed 2^53
  div: pointwise((x, y) => x / y),
  mod: pointwise(mod),
  floorDiv: pointwise((x, y) => Math.floor(x / y)),
  pow: pointwise(pow),
  maximum: pointwise((x, y) => Math.max(x, y)),
  minimum: pointwise((x, y) => Math.min(x, y)),
  atan2: pointwise(Math.atan2),
  hypot: pointwise((x, y) => Math.hypot(x, y)),

  neg: pointwise((x) => -x),
  abs: pointwise(Math.abs),
  sign: pointwise(Math.sign),
  floor: pointwise(Math.floor),
  ceil: pointwise(Math.ceil),
  round: pointwise(round),
  exp: pointwise(Math.exp),
  expm1: pointwise(Math.expm1),
  log: pointwise(Math.log),
  log1p: pointwise(Math.log1p),
  sqrt: pointwise(Math.sqrt),
  reciprocal: pointwise((x) => 1 / x),
  sin: pointwise(Math.sin),
  cos: pointwise(Math.cos),
  tan: pointwise(Math.tan),
  asin: pointwise(Math.asin),
  acos: pointwise(Math.acos),
  atan: pointwise(Math.atan),
  sinh: pointwise(Math.sinh),
  cosh: pointwise(Math.cosh),
  tanh: pointwise(Math.tanh),
  asinh: pointwise(Math.asinh),
  acosh: pointwise(Math.acosh),
  atanh: pointwise(Math.atanh),
  sigmoid: pointwise(sigmoid),
  erf: pointwise(erf),

  less: pointwise((x, y) => (x < y ? 1 : 0)),
  lessEqual: pointwise((x, y) => (x <= y ? 1 : 0)),
  equal: pointwise((x, y) => (x === y ? 1 : 0)),
  bitwiseAnd: pointwise((x, y) => x & y),
  logicalNot: pointwise((x) => (x === 0 ? 1 : 0)),
  where: pointwise((condition, x, y) => (condition !== 0 ? x : y)),
};
