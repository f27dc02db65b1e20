import { type Apply, type Expression, type Lowering, lower, type Operation } from './expression.ts';
import type { Formula } from './formulas.ts';

/** A formula in JavaScript: its value from those of its inputs, truth values being 0 and 1. */
export type Evaluate = (inputs: readonly number[]) => number;

/** What an operation computes from one number, two or three. */
export type NumberFunction = (...inputs: number[]) => number;

/** The sign is the divisor's. ECMAScript's remainder, with the dividend's, is exact. */
const mod: NumberFunction = (x, y) => {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
};

/**
 * What operations compute on doubles, before their results are rounded to the node's type. `erf` has no function in
 * ECMAScript, and `floorDiv` rounds the quotient first.
 * @example
 * import { operations } from '@wengert/fusion';
 * console.log(operations.roundEven(2.5), operations.mod(-1, 3)); // 2 2
 */
export const operations: Readonly<Record<Exclude<Operation, 'cast' | 'erf' | 'floorDiv'>, NumberFunction>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  mod,
  min: (x, y) => Math.min(x, y),
  max: (x, y) => Math.max(x, y),
  neg: (x) => -x,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  roundEven(x) {
    const up = Math.round(x);
    return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
  },
  sqrt: Math.sqrt,
  bitAnd: (x, y) => x & y,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  // ECMAScript has NaN where IEEE 754 has 1.
  pow: (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sigmoid(x) {
    const e = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  },
  less: (x, y) => Number(x < y),
  lessEqual: (x, y) => Number(x <= y),
  equal: (x, y) => Number(x === y),
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  not: (x) => 1 - x,
  select: (condition, x, y) => (condition !== 0 ? x : y),
};

/** For int32, where it differs: products are those of `bitAnd`'s bits, and what is divided by 0 is 0. */
const INTS: { readonly [op in Operation]?: NumberFunction } = {
  mul: Math.imul,
  mod: (x, y) => (y === 0 ? 0 : mod(x, y)),
  floorDiv: (x, y) => (y === 0 ? 0 : Math.floor(x / y)),
};

const truth = (x: number): number => Number(x !== 0);
const whole = (x: number): number => x | 0;

const FLOATS: { readonly [op in Operation]?: NumberFunction } = operations;

function functionOf({ op, type }: Apply): NumberFunction | undefined {
  if (op === 'cast') return (x) => x;
  return (type === 'int' ? INTS[op] : undefined) ?? FLOATS[op];
}

class Missing extends Error {}

const INPUTS: readonly Evaluate[] = [0, 1, 2].map((k) => (inputs) => inputs[k]);

/** An expression in JavaScript, whose floats are rounded so; null where an operation of it has no such form. */
export function evaluation(body: Expression, roundFloat: (x: number) => number): Evaluate | null {
  const lowering: Lowering<Evaluate> = {
    constant: ({ value, type }) => {
      const held = type === 'float' ? roundFloat(value) : value;
      return () => held;
    },
    apply(node, [x, y, z]) {
      const f = functionOf(node);
      if (f === undefined) throw new Missing(node.op);
      const { op, type } = node;
      const round =
        type === 'float' ? roundFloat : type === 'int' ? whole : op === 'cast' && type === 'bool' ? truth : Number;
      if (y === undefined) return (inputs) => round(f(x(inputs)));
      if (z === undefined) return (inputs) => round(f(x(inputs), y(inputs)));
      return (inputs) => round(f(x(inputs), y(inputs), z(inputs)));
    },
  };
  try {
    return lower(body, INPUTS, lowering);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return null;
  }
}

const made = new WeakMap<Formula, Evaluate | null>();

/**
 * The formula in JavaScript, its floats rounded to float32 at every step; null where an operation of it has no such form.
 * @example
 * import { evaluator, formulaOf } from '@wengert/fusion';
 * const relu = formulaOf('relu', ['float32'], 'float32');
 * if (relu !== undefined) console.log(evaluator(relu)?.([-2]), evaluator(relu)?.([3])); // 0 3
 */
export function evaluator(formula: Formula): Evaluate | null {
  let evaluate = made.get(formula);
  if (evaluate === undefined) {
    evaluate = evaluation(formula.body, Math.fround);
    made.set(formula, evaluate);
  }
  return evaluate;
}
