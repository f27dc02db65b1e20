import type { Code, Local, Value } from '../wasm/code.ts';
import { f32x4, v128 } from '../wasm/instructions.ts';
import { erf, exp, expm1, type Formula, sigmoid, tanh } from './exponential.ts';
import { log, log1p, pow } from './logarithm.ts';
import { cos, PERIODIC_LIMIT, sin } from './trigonometric.ts';

/** A pointwise op of one or two inputs. */
export interface Pointwise {
  readonly arity: 1 | 2;
  readonly f: Formula;
  /** Gives bool: the formula makes masks. */
  readonly compares?: boolean;
  /** Where the formula does not hold, as a mask; the plain loop then computes everything. */
  readonly fails?: Formula;
}

const unary = (f: (x: Local, code: Code) => Value): Pointwise => ({ arity: 1, f: (code, x) => f(x, code) });
const binary = (f: (x: Value, y: Value) => Value): Pointwise => ({ arity: 2, f: (_, x, y) => f(x, y) });
const comparison = (f: (x: Value, y: Value) => Value): Pointwise => ({ ...binary(f), compares: true });

const tooFar: Formula = (code, x) => f32x4.gt(f32x4.abs(x), code.floats(PERIODIC_LIMIT));
const notFinite = (x: Value): Value => f32x4.ne(f32x4.sub(x, x), f32x4.sub(x, x));

/** NaN, infinite exponents, and those whose product with the logarithm of 0 is too small. */
const notForPow: Formula = (code, x, y) => {
  const tiny = v128.and(f32x4.lt(f32x4.abs(y), code.floats(2 ** -100)), f32x4.ne(y, code.floats(0)));
  return v128.or(v128.or(notFinite(y), f32x4.ne(x, x)), tiny);
};

/** x where it is positive or NaN, else 0 without a sign. */
const positive = (x: Local, code: Code): Value => v128.andNot(x, f32x4.le(x, code.floats(0)));

export const formulas: Readonly<Record<string, Pointwise>> = {
  neg: unary(f32x4.neg),
  abs: unary(f32x4.abs),
  floor: unary(f32x4.floor),
  ceil: unary(f32x4.ceil),
  round: unary(f32x4.nearest),
  sqrt: unary(f32x4.sqrt),
  reciprocal: unary((x, code) => f32x4.div(code.floats(1), x)),
  sign: unary((x, code) => {
    const below = v128.select(f32x4.lt(x, code.floats(0)), code.floats(-1), x);
    return v128.select(f32x4.gt(x, code.floats(0)), code.floats(1), below);
  }),
  relu: unary(positive),
  relu6: unary((x, code) => f32x4.pmin(positive(x, code), code.floats(6))),
  exp: { arity: 1, f: exp },
  expm1: { arity: 1, f: expm1 },
  log: { arity: 1, f: log },
  log1p: { arity: 1, f: log1p },
  tanh: { arity: 1, f: tanh },
  sigmoid: { arity: 1, f: sigmoid },
  erf: { arity: 1, f: erf },
  sin: { arity: 1, f: sin, fails: tooFar },
  cos: { arity: 1, f: cos, fails: tooFar },
  add: binary(f32x4.add),
  sub: binary(f32x4.sub),
  mul: binary(f32x4.mul),
  div: binary(f32x4.div),
  maximum: binary(f32x4.max),
  minimum: binary(f32x4.min),
  pow: { arity: 2, f: pow, fails: notForPow },
  // In an order in which nothing overflows that could be multiplied by 0.
  tanhGrad: {
    arity: 2,
    f: (code, g, y) =>
      f32x4.mul(f32x4.mul(g, f32x4.sub(code.floats(1), f32x4.abs(y))), f32x4.add(code.floats(1), f32x4.abs(y))),
  },
  sigmoidGrad: { arity: 2, f: (code, g, y) => f32x4.mul(f32x4.mul(g, y), f32x4.sub(code.floats(1), y)) },
  less: comparison(f32x4.lt),
  lessEqual: comparison(f32x4.le),
  equal: comparison(f32x4.eq),
};
