import { type Apply, type Expression, type Formula, lower, type Operation, type ScalarType } from '@wengert/fusion';
import type { Local, MathFunction, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as v128 from '../../wasm/v128.ts';
import { cosh, erf, exp, expm1, type Formula as Kernel, sigmoid, sinh, tanh, type Unless } from './exponential.ts';
import { acos, acosh, asin, asinh, atan, atan2, atanh } from './inverse.ts';
import { log, log1p, pow } from './logarithm.ts';
import { mod } from './remainder.ts';
import { cos, sin, tan } from './trigonometric.ts';

type Operator = (x: Local, y: Local, z: Local) => Value;

/** The types of what vectors compute with, in the order of the next table's columns. */
const NUMBERS: readonly ScalarType[] = ['float', 'double', 'int'];

const OPERATORS: { readonly [op in Operation]?: readonly (Operator | undefined)[] } = {
  add: [f32x4.add, f64x2.add, i32x4.add],
  sub: [f32x4.sub, f64x2.sub, i32x4.sub],
  mul: [f32x4.mul, f64x2.mul, i32x4.mul],
  div: [f32x4.div, f64x2.div],
  min: [f32x4.min, f64x2.min, i32x4.min],
  max: [f32x4.max, f64x2.max, i32x4.max],
  neg: [f32x4.neg, f64x2.neg, i32x4.neg],
  abs: [f32x4.abs, f64x2.abs, i32x4.abs],
  floor: [f32x4.floor, f64x2.floor],
  ceil: [f32x4.ceil, f64x2.ceil],
  roundEven: [f32x4.nearest, f64x2.nearest],
  sqrt: [f32x4.sqrt, f64x2.sqrt],
  less: [f32x4.lt, f64x2.lt, i32x4.lt],
  lessEqual: [f32x4.le, f64x2.le, i32x4.le],
  equal: [f32x4.eq, f64x2.eq, i32x4.eq],
  bitAnd: [undefined, undefined, v128.and],
};

/** Operations on truth values, which are masks, and the choice by one of them. */
const MASKS: { readonly [op in Operation]?: Operator } = {
  and: v128.and,
  or: v128.or,
  not: v128.not,
  select: v128.select,
};

/** Functions of floats with code of our own. */
const OWN: { readonly [op in Operation]?: Kernel } = {
  exp,
  expm1,
  log,
  log1p,
  sinh,
  cosh,
  tanh,
  sigmoid,
  erf,
  asin,
  acos,
  atan,
  atan2,
  asinh,
  acosh,
  atanh,
  mod,
};

/** Such as do not hold everywhere, but are quicker where they do. */
const QUICK: { readonly [op in Operation]?: Kernel } = { sin, cos, tan, pow };

/** Functions that `Math` computes, one double after the other, at the speed of a plain loop. */
const MATH: readonly MathFunction[] = ['exp', 'log', 'sin', 'cos', 'tan', 'atan', 'atan2', 'pow'];

/** And those that engines call slower from WebAssembly: where an op is nothing else it is left to a plain loop. */
const SLOWER: readonly MathFunction[] = [
  ...(['expm1', 'log1p', 'asin', 'acos', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const),
];

/** The code of our own for a node; with `unless` also such as does not hold everywhere. */
export function ownOf({ op, type }: Apply, unless?: Unless): Kernel | undefined {
  return type === 'float' ? (OWN[op] ?? (unless && QUICK[op])) : undefined;
}

export function mathOf({ op, type }: Apply): MathFunction | undefined {
  return type === 'int' ? undefined : [...MATH, ...SLOWER].find((name) => name === op);
}

/** Zero without a sign, which is all bits off. */
function isZero(x: Expression): boolean {
  return x.kind === 'constant' && Object.is(x.value, 0);
}

export function operatorOf({ op, args }: Apply): Operator | undefined {
  if (op === 'select' && isZero(args[1])) return (mask, _, otherwise) => v128.andNot(otherwise, mask);
  return MASKS[op] ?? OPERATORS[op]?.[NUMBERS.indexOf(args[0].type)];
}

/** Whether vectors can compute the formula, and what it needs of `Math`; null where they cannot. */
export function importsOf({ body }: Formula): readonly MathFunction[] | null {
  const found = new Set<MathFunction>();
  let serves = body.kind !== 'apply' || ownOf(body) !== undefined || !SLOWER.some((name) => name === body.op);
  lower<null>(body, [], {
    constant: () => null,
    apply(node) {
      const name = mathOf(node);
      if (ownOf(node) !== undefined || node.op === 'cast') return null;
      if (name !== undefined) found.add(name);
      else serves &&= operatorOf(node) !== undefined;
      return null;
    },
  });
  return serves ? [...found] : null;
}
