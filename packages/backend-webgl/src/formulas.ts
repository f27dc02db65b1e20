import type { DType, KernelTable } from '@wengert/core/functions';
import { EXACT, INT32_BOUND } from './texture.ts';

/** What the magnitudes of the inputs say about that of the result. */
type Bound = (x: number, y: number) => number;

/**
 * One pointwise op: a scalar GLSL expression of x, y and z, which are floats whatever the dtype. On int32 it has
 * another one or the same; without a bound for its results there is no kernel for int32.
 */
export interface Formula {
  readonly float: string;
  readonly int?: string;
  readonly bound?: Bound;
}

const both = (float: string, bound: Bound, int: string = float): Formula => ({ float, int, bound });

const float = (expression: string): Formula => ({ float: expression });

const truth = (expression: string): Formula => both(`wTruth(${expression})`, () => 1);

// Sums and products have to stay where floats hold every integer: beyond, they are left to the fallback.
const exact =
  (bound: Bound): Bound =>
  (x, y) => {
    const result = bound(x, y);
    return result <= EXACT ? result : Infinity;
  };
const larger: Bound = (x, y) => Math.max(x, y);
const same: Bound = (x) => x;
const magnitude: Bound = (x) => (x < INT32_BOUND ? x : Infinity);
const divided: Bound = (x, y) => (Math.max(x, y) < INT32_BOUND ? x : Infinity);

export const FORMULAS: { readonly [op in keyof KernelTable]?: Formula } = {
  add: both(
    'x + y',
    exact((x, y) => x + y),
  ),
  sub: both(
    'x - y',
    exact((x, y) => x + y),
  ),
  mul: both(
    'x * y',
    exact((x, y) => x * y),
  ),
  maximum: both('wMax(x, y)', larger, 'max(x, y)'),
  minimum: both('wMin(x, y)', larger, 'min(x, y)'),
  mod: both('wMod(x, y)', (_, y) => (y < INT32_BOUND ? y : Infinity), 'wIntMod(x, y)'),
  floorDiv: both('wFloorDiv(x, y)', divided, 'wIntFloorDiv(x, y)'),
  pow: float('wPow(x, y)'),
  neg: both('-x', magnitude),
  abs: both('abs(x)', magnitude),
  sign: both('wSign(x)', () => 1),
  floor: both('floor(x)', same, 'x'),
  ceil: both('ceil(x)', same, 'x'),
  round: both('roundEven(x)', same, 'x'),
  relu: both('x <= 0.0 ? 0.0 : x', same),
  relu6: both('x <= 0.0 ? 0.0 : 6.0 < x ? 6.0 : x', same),

  div: float('x / y'),
  atan2: float('wAtan2(x, y)'),
  exp: float('wExp(x)'),
  expm1: float('wExpm1(x)'),
  log: float('wLog(x)'),
  log1p: float('wLog1p(x)'),
  sqrt: float('sqrt(x)'),
  reciprocal: float('1.0 / x'),
  sin: float('wSin(x)'),
  cos: float('wCos(x)'),
  tan: float('wTan(x)'),
  asin: float('wAsin(x)'),
  acos: float('wAcos(x)'),
  atan: float('wAtan(x)'),
  sinh: float('wSinh(x)'),
  cosh: float('wCosh(x)'),
  tanh: float('wTanh(x)'),
  asinh: float('wAsinh(x)'),
  acosh: float('wAcosh(x)'),
  atanh: float('wAtanh(x)'),
  sigmoid: float('wSigmoid(x)'),
  erf: float('wErf(x)'),

  less: truth('x < y'),
  lessEqual: truth('x <= y'),
  equal: truth('x == y'),
  logicalNot: truth('x == 0.0'),
};

/** An expression and the bound of its results, or null where floats do not compute the op on this dtype. */
export function formulaFor(
  { float, int, bound }: Formula,
  dtype: DType,
  out: DType,
  bounds: readonly number[],
): { expression: string; bound: number } | null {
  if (dtype === 'bool') return { expression: out === 'bool' ? `wTruth((${float}) != 0.0)` : float, bound: 1 };
  if (dtype !== 'int32') return { expression: float, bound: out === 'bool' ? 1 : INT32_BOUND };
  if (int === undefined || bound === undefined) return null;
  const [x, y = x] = bounds;
  const limit = bound(x, y);
  return limit === Infinity ? null : { expression: int, bound: limit };
}
