import type { DType, KernelTable } from '@wengert/core/functions';
import { abs, add, apply, cast, div, equal, input, less, lessEqual, like, mul, not, or, select, sub } from './build.ts';
import type { Arithmetic, Expression, Intrinsic, ScalarType } from './expression.ts';

/** What a pointwise op computes for inputs of given types. */
export interface Formula {
  readonly op: string;
  /** Two formulas with one key are one formula. */
  readonly key: string;
  readonly inputs: readonly ScalarType[];
  readonly body: Expression;
}

type Build = (x: Expression, y: Expression, z: Expression) => Expression;

/** How an op is made for inputs of its types: 'float' is both floating ones, 'number' these, ints, and bools as floats. */
interface Definition {
  readonly arity: number;
  readonly domain: 'any' | 'number' | 'float';
  readonly build: Build;
}

const direct = (op: Arithmetic | Intrinsic): Build => {
  return (...inputs) => apply(op, ...inputs.filter((x) => x !== undefined));
};
const number = (arity: number, build: Build): Definition => ({ arity, domain: 'number', build });
const float = (arity: number, build: Build): Definition => ({ arity, domain: 'float', build });
const intrinsic = (op: Intrinsic): Definition => float(1, direct(op));
/** What leaves whole numbers as they are. */
const whole = (op: Arithmetic): Definition => number(1, (x) => (x.type === 'int' ? x : apply(op, x)));

const positive = (x: Expression, otherwise: Expression): Expression =>
  select(lessEqual(x, like(x, 0)), like(x, 0), otherwise);
const nonPositive = (x: Expression): Expression => select(less(like(x, 0), x), like(x, 0), x);
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** x where it is positive, else scale times e^x - 1. */
const exponentialBelow = (x: Expression, scale: (y: Expression) => Expression): Expression =>
  select(less(like(x, 0), x), x, scale(apply('expm1', nonPositive(x))));

/** From the greater magnitude, so that no square overflows; infinite where one is, also beside a NaN. */
const hypot: Build = (x, y) => {
  const [a, b] = [abs(x), abs(y)];
  const [big, small] = [apply('max', a, b), apply('min', a, b)];
  const ratio = div(small, big);
  const length = mul(big, apply('sqrt', add(mul(ratio, ratio), like(x, 1))));
  const infinite = like(x, Infinity);
  return select(or(equal(a, infinite), equal(b, infinite)), infinite, select(equal(big, like(x, 0)), big, length));
};

/** In float64 composed, as backends' plain loops have it: of floats they have code of their own. */
const sigmoid = (x: Expression): Expression => {
  if (x.type !== 'double') return apply('sigmoid', x);
  const [one, power] = [like(x, 1), apply('exp', apply('neg', abs(x)))];
  return div(select(lessEqual(like(x, 0), x), one, power), add(one, power));
};

/** At 0 both pieces agree in every derivative. */
const softplus: Build = (x) => {
  const above = less(like(x, 0), x);
  return add(select(above, x, like(x, 0)), apply('log1p', apply('exp', apply('neg', abs(x)))));
};

/** g (1 - y²), which no value of tanh overflows; for others in an order in which nothing does that is multiplied by 0. */
const tanhGrad: Build = (g, y) => {
  const [one, size] = [like(y, 1), abs(y)];
  const far = mul(mul(g, sub(one, size)), add(one, size));
  return select(less(size, like(y, 2)), mul(g, sub(one, mul(y, y))), far);
};

const definitions: { readonly [op in keyof KernelTable]?: Definition } = {
  add: number(2, direct('add')),
  sub: number(2, direct('sub')),
  mul: number(2, direct('mul')),
  maximum: number(2, direct('max')),
  minimum: number(2, direct('min')),
  mod: number(2, direct('mod')),
  floorDiv: number(2, direct('floorDiv')),
  pow: number(2, direct('pow')),
  div: float(2, direct('div')),
  atan2: float(2, direct('atan2')),
  hypot: float(2, hypot),
  bitwiseAnd: number(2, direct('bitAnd')),

  neg: number(1, direct('neg')),
  abs: number(1, direct('abs')),
  sign: number(1, (x) => {
    const [zero, one] = [like(x, 0), like(x, 1)];
    return select(less(zero, x), one, select(less(x, zero), like(x, -1), x));
  }),
  floor: whole('floor'),
  ceil: whole('ceil'),
  round: whole('roundEven'),
  sqrt: float(1, direct('sqrt')),
  reciprocal: float(1, (x) => div(like(x, 1), x)),
  exp: intrinsic('exp'),
  expm1: intrinsic('expm1'),
  log: intrinsic('log'),
  log1p: intrinsic('log1p'),
  sin: intrinsic('sin'),
  cos: intrinsic('cos'),
  tan: intrinsic('tan'),
  asin: intrinsic('asin'),
  acos: intrinsic('acos'),
  atan: intrinsic('atan'),
  sinh: intrinsic('sinh'),
  cosh: intrinsic('cosh'),
  tanh: intrinsic('tanh'),
  asinh: intrinsic('asinh'),
  acosh: intrinsic('acosh'),
  atanh: intrinsic('atanh'),
  sigmoid: float(1, sigmoid),
  erf: intrinsic('erf'),

  relu: number(1, (x) => positive(x, x)),
  relu6: number(1, (x) => positive(x, select(less(like(x, 6), x), like(x, 6), x))),
  elu: float(1, (x) => exponentialBelow(x, (y) => y)),
  selu: float(1, (x) =>
    mul(
      exponentialBelow(x, (y) => mul(y, like(x, SELU_ALPHA))),
      like(x, SELU_SCALE),
    ),
  ),
  softplus: float(1, softplus),
  softsign: float(1, (x) => div(x, add(abs(x), like(x, 1)))),
  silu: float(1, (x) => mul(x, sigmoid(x))),
  tanhGrad: float(2, tanhGrad),
  // In an order in which nothing overflows that could be multiplied by 0.
  sigmoidGrad: float(2, (g, y) => mul(mul(g, y), sub(like(y, 1), y))),

  less: number(2, less),
  lessEqual: number(2, lessEqual),
  equal: number(2, equal),
  logicalNot: { arity: 1, domain: 'any', build: (x) => not(cast(x, 'bool')) },
  where: {
    arity: 3,
    domain: 'any',
    build(condition, x, y) {
      const type = x.type === y.type ? x.type : [x.type, y.type].includes('double') ? 'double' : 'float';
      return select(cast(condition, 'bool'), cast(x, type), cast(y, type));
    },
  },
  cast: { arity: 1, domain: 'any', build: (x) => x },
  broadcastTo: { arity: 1, domain: 'any', build: (x) => x },
};

/** The names of the ops that have formulas. */
export const pointwiseOps: readonly (keyof KernelTable)[] = Object.keys(definitions) as (keyof KernelTable)[];

/**
 * The type in which the elements of a dtype are computed.
 * @example
 * import { scalarType } from '@wengert/fusion';
 * console.log(scalarType('int32'), scalarType('float64')); // int double
 */
export function scalarType(dtype: DType): ScalarType {
  return TYPES[dtype];
}

const TYPES: Readonly<Record<DType, ScalarType>> = { float32: 'float', float64: 'double', int32: 'int', bool: 'bool' };
const FLOATING: ReadonlySet<ScalarType> = new Set(['float', 'double']);

const formulas = new Map<string, Formula | undefined>();

/**
 * The formula of a pointwise op for inputs of these dtypes, undefined where the op has none: float ops have none on ints
 * and bools. The rest is the conversion that the op's definition asks for: bools are counted in floats, where what divides
 * by 0 is true, and results become what the output stores.
 * @example
 * import { formulaOf } from '@wengert/fusion';
 * console.log(formulaOf('less', ['int32', 'int32'], 'bool')?.key); // less ii>b
 * console.log(formulaOf('exp', ['int32'], 'int32')); // undefined
 */
export function formulaOf(op: keyof KernelTable, inputs: readonly DType[], output: DType): Formula | undefined {
  const types = inputs.map(scalarType);
  const type = scalarType(output);
  const key = `${op} ${types.map(([letter]) => letter).join('')}>${type[0]}`;
  if (!formulas.has(key)) formulas.set(key, make(op, key, types, type));
  return formulas.get(key);
}

function make(
  op: keyof KernelTable,
  key: string,
  inputs: readonly ScalarType[],
  output: ScalarType,
): Formula | undefined {
  const definition = definitions[op];
  if (definition === undefined) return undefined;
  const { arity, domain, build } = definition;
  if (inputs.length !== arity || (domain === 'float' && !inputs.every((type) => FLOATING.has(type)))) return undefined;
  const values = inputs.map((type, i) => {
    const value = input(i, type);
    return domain === 'number' && type === 'bool' ? cast(value, 'float') : value;
  });
  const [x, y, z] = values;
  return { op, key, inputs, body: cast(build(x, y, z), output) };
}
