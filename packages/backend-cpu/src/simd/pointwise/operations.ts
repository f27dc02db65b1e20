import { type Apply, type Expression, type Formula, type Lowering, lower, type Operation } from '@wengert/fusion';
import type { Code, Local, MathFunction, Value } from '../../wasm/code.ts';
import * as f32 from '../../wasm/f32.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64 from '../../wasm/f64.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import { callMath } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';
import { erf, exp, expm1, type Formula as Kernel, sigmoid, tanh, type Unless } from './exponential.ts';
import { log, log1p, pow } from './logarithm.ts';
import { cos, sin } from './trigonometric.ts';

type Operator = (x: Local, y: Local, z: Local) => Value;

/** Operations on vectors of floats. */
const FLOATS: { readonly [op in Operation]?: Operator } = {
  add: f32x4.add,
  sub: f32x4.sub,
  mul: f32x4.mul,
  div: f32x4.div,
  min: f32x4.min,
  max: f32x4.max,
  neg: f32x4.neg,
  abs: f32x4.abs,
  floor: f32x4.floor,
  ceil: f32x4.ceil,
  roundEven: f32x4.nearest,
  sqrt: f32x4.sqrt,
  less: f32x4.lt,
  lessEqual: f32x4.le,
  equal: f32x4.eq,
};

/** Operations on vectors of int32. */
const INTS: { readonly [op in Operation]?: Operator } = {
  add: i32x4.add,
  sub: i32x4.sub,
  mul: i32x4.mul,
  min: i32x4.min,
  max: i32x4.max,
  neg: i32x4.neg,
  abs: i32x4.abs,
  bitAnd: v128.and,
  less: i32x4.lt,
  lessEqual: i32x4.le,
  equal: i32x4.eq,
};

/** Operations on truth values, which are masks, and the choice by one of them. */
const MASKS: { readonly [op in Operation]?: Operator } = {
  and: v128.and,
  or: v128.or,
  not: v128.not,
  select: v128.select,
};

/** Functions with code of our own. */
const FUNCTIONS: { readonly [op in Operation]?: Kernel } = {
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  erf,
  sin,
  cos,
  pow,
};

/** Functions that `Math` computes, lane by lane, everywhere or where ours do not hold. */
const BY_MATH: { readonly [op in Operation]?: MathFunction } = {
  sin: 'sin',
  cos: 'cos',
  pow: 'pow',
  tan: 'tan',
  asin: 'asin',
  acos: 'acos',
  atan: 'atan',
  sinh: 'sinh',
  cosh: 'cosh',
  asinh: 'asinh',
  acosh: 'acosh',
  atanh: 'atanh',
  atan2: 'atan2',
};

function operatorOf({ op, args }: Apply): Operator | undefined {
  return MASKS[op] ?? (args[0].type === 'int' ? INTS : FLOATS)[op];
}

/** Whether vectors can compute the formula, and what it needs of `Math`; null where they cannot. */
export function importsOf({ body }: Formula): readonly MathFunction[] | null {
  const found = new Set<MathFunction>();
  let serves = true;
  lower<null>(body, [], {
    constant: () => null,
    apply(node) {
      const { op, type } = node;
      const byMath = BY_MATH[op];
      if (byMath !== undefined) found.add(byMath);
      const known = byMath ?? FUNCTIONS[op];
      if (known === undefined ? op !== 'cast' && operatorOf(node) === undefined : type !== 'float') serves = false;
      return null;
    },
  });
  return serves ? [...found] : null;
}

const TWO_32 = 2 ** 32;

/** As ECMAScript's ToInt32. */
function toInts(code: Code, x: Local): Value {
  const size = code.let(f32x4.trunc(f32x4.abs(x)));
  // Exact: of what is beyond 2^24 only multiples of large powers of two are taken away.
  const wraps = f32x4.mul(f32x4.floor(f32x4.mul(size, 1 / TWO_32)), TWO_32);
  const bits = i32x4.fromFloatsUnsigned(f32x4.sub(size, wraps));
  const sign = code.let(i32x4.shiftRight(x, 31));
  return i32x4.sub(v128.xor(bits, sign), sign);
}

function cast(code: Code, x: Local, from: Expression['type'], to: Expression['type']): Value {
  if (from === 'bool') return v128.and(x, to === 'float' ? code.floats(1) : code.ints(1));
  if (to === 'bool') return from === 'float' ? f32x4.ne(x, 0) : i32x4.ne(x, 0);
  return to === 'int' ? toInts(code, x) : f32x4.fromInts(x);
}

/** A function of `Math` for each lane, in double. */
function byLane(name: MathFunction, ...args: readonly Local[]): Value {
  const lane = (i: number): Value => f32.demote(callMath(name, ...args.map((x) => f64.promote(f32x4.extract(x, i)))));
  return [1, 2, 3].reduce((vector, i) => f32x4.replace(vector, i, lane(i)), f32x4.splat(lane(0)));
}

/** IEEE 754 has 1 where ECMAScript has NaN. */
function powByLane(code: Code, x: Local, y: Local): Value {
  const one = code.floats(1);
  const endless = f32x4.eq(f32x4.abs(y), Infinity);
  const ones = v128.or(f32x4.eq(x, one), v128.and(f32x4.eq(f32x4.abs(x), one), endless));
  return v128.select(ones, one, byLane('pow', x, y));
}

/** Zero without a sign, which is all bits off. */
function isZero(x: Expression): boolean {
  return x.kind === 'constant' && Object.is(x.value, 0);
}

/**
 * Computes a formula on vectors in the types of its inputs, bools as masks. With `unless` the result may be wrong in the
 * lanes that it is told; without, it holds everywhere.
 */
export function lowering(code: Code, unless?: Unless): Lowering<Local> {
  const valueOf = (node: Apply, args: readonly Local[]): Value => {
    const { op } = node;
    const [x, y, z] = args;
    if (op === 'cast') return cast(code, x, node.args[0].type, node.type);
    const f = FUNCTIONS[op];
    const name = BY_MATH[op];
    if (f !== undefined && (name === undefined || unless !== undefined)) return f(code, x, y, unless);
    if (name !== undefined) return name === 'pow' ? powByLane(code, x, y) : byLane(name, ...args);
    if (op === 'select' && isZero(node.args[1])) return v128.andNot(z, x);
    const operator = operatorOf(node);
    if (operator === undefined) throw new Error(`no vector instructions for ${op}`);
    return operator(x, y, z);
  };
  return {
    constant: ({ value, type }) =>
      type === 'float' ? code.floats(value) : code.ints(type === 'bool' ? -value : value),
    apply: (node, args) => code.let(valueOf(node, args)),
  };
}
