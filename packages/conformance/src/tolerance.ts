import type { DType } from '@wengert/core';

/** Half the distance from 1 to the next number: the relative error of one rounding. */
export const UNIT_ROUNDOFF: Readonly<Record<DType, number>> = {
  float32: 2 ** -24,
  float64: 2 ** -53,
  int32: 0,
  bool: 0,
};

/** Below this in absolute value a backend may flush results to zero, and lose all digits on the way there. */
export const SMALLEST_NORMAL: Readonly<Record<DType, number>> = {
  float32: 2 ** -126,
  float64: 2 ** -1022,
  int32: 0,
  bool: 0,
};

/** The largest finite number: beyond it a result may be infinite. */
export const LARGEST: Readonly<Record<DType, number>> = {
  float32: 2 ** 128 - 2 ** 104,
  float64: Number.MAX_VALUE,
  int32: Infinity,
  bool: Infinity,
};

/**
 * How an op's own error is measured:
 *
 * - `exact`: copies, comparisons, roundings to integers. Equal in every bit, as is everything on int32 and bool.
 * - `rounded`: what IEEE 754 rounds correctly, and GPUs nearly. Relative to the result.
 * - `elementary`: relative to the result, for arguments of at most `domain` in absolute value, by default all of them.
 * - `accumulated`: relative to the sum of the absolute values of the terms; grows as the square root of their number.
 * - `factorised`: relative to the largest entry of the result, beside what the rounding of the inputs alone may change.
 */
export type OpClass = 'exact' | 'rounded' | 'elementary' | 'accumulated' | 'factorised';

/** What one op may add to the errors of its inputs, in unit roundoffs of its dtype. */
export interface Tolerance {
  readonly class: OpClass;
  readonly float32: number;
  readonly float64: number;
  readonly domain?: number;
}

const EXACT: Tolerance = { class: 'exact', float32: 0, float64: 0 };
const ROUNDED: Tolerance = { class: 'rounded', float32: 1, float64: 1 };
/** GPUs divide to 2.5 units in the last place. */
const DIVIDED: Tolerance = { class: 'rounded', float32: 5, float64: 1 };
const ELEMENTARY: Tolerance = { class: 'elementary', float32: 16, float64: 4 };
/** A rounding of y·log x weighs as much as that is large in the power: up to 88 times, where float32 ends. */
const POWER: Tolerance = { ...ELEMENTARY, float32: 64 };
const PERIODIC: Tolerance = { ...ELEMENTARY, domain: 1e4 };
const ACCUMULATED: Tolerance = { class: 'accumulated', float32: 1, float64: 1 };
const FACTORISED: Tolerance = { class: 'factorised', float32: 8, float64: 8 };

function table(tolerance: Tolerance, ...ops: readonly string[]): [string, Tolerance][] {
  return ops.map((op) => [op, tolerance]);
}

/** The one table: every op that is computed rather than composed. The rest follows step by step. */
export const TOLERANCES: ReadonlyMap<string, Tolerance> = new Map([
  ...table(EXACT, 'maximum', 'minimum', 'neg', 'abs', 'sign', 'floor', 'ceil', 'round'),
  ...table(EXACT, 'less', 'lessEqual', 'equal', 'logicalNot', 'where', 'bitwiseAnd'),
  ...table(EXACT, 'transpose', 'broadcastTo', 'reverse', 'slice', 'pad', 'concat', 'gather', 'unfold'),
  ...table(EXACT, 'max', 'min', 'argMax', 'sort'),
  ...table(ROUNDED, 'add', 'sub', 'mul', 'cast', 'mod', 'floorDiv'),
  ...table(DIVIDED, 'div', 'sqrt', 'reciprocal'),
  ...table(
    ELEMENTARY,
    'exp',
    'expm1',
    'log',
    'log1p',
    'atan2',
    'hypot',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
  ),
  ...table(ELEMENTARY, 'asinh', 'acosh', 'atanh', 'sigmoid', 'erf'),
  ...table(POWER, 'pow'),
  ...table(PERIODIC, 'sin', 'cos', 'tan'),
  ...table(ACCUMULATED, 'sum', 'cumsum', 'scatterAdd', 'fold', 'matMul', 'conv', 'fft'),
  ...table(FACTORISED, 'triangularSolve', 'cholesky', 'solve', 'slogdet', 'eigh', 'qr'),
]);

/** What is allowed to an op that the table does not know, such as one from another package. */
export const UNKNOWN: Tolerance = { class: 'elementary', float32: 32, float64: 32 };

/** The roundings that a sum of `terms` terms may show: all of them where they are few, their random walk where many. */
export function growth(terms: number): number {
  const roundings = Math.max(0, terms - 1);
  return Math.min(roundings, 1 + Math.sqrt(roundings));
}
