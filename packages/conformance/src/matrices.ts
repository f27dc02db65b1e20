import { type DType, type Shape, sizeOf } from '@wengert/core';
import type { Random } from './random.ts';

type Matrix = (n: number, random: Random, rows?: number) => Float64Array;

/** How the matrices are made; of whole numbers only those that rounding leaves well conditioned. */
const MATRICES: Readonly<Record<'spd' | 'dominant', Readonly<Record<'float' | 'int32' | 'bool', Matrix>>>> = {
  spd: { float: spd, int32: symmetricDominant, bool: identity },
  dominant: { float: dominant, int32: dominant, bool: identity },
};

/** Well conditioned matrices in the last two axes of `shape`; dominant ones may have more or fewer rows than columns. */
export function matrixValues(kind: 'spd' | 'dominant', shape: Shape, random: Random, dtype: DType): Float64Array {
  const [rows, n] = shape.slice(-2);
  const values = new Float64Array(sizeOf(shape));
  const whole = dtype === 'int32' || dtype === 'bool';
  const make = MATRICES[kind][whole ? dtype : 'float'];
  for (let at = 0; at < values.length; at += rows * n) {
    const matrix = make(n, random, rows);
    values.set(whole ? matrix.map(Math.round) : matrix, at);
  }
  return values;
}

function entries(n: number, entry: (i: number, j: number) => number, rows = n): Float64Array {
  return Float64Array.from({ length: rows * n }, (_, at) => entry(Math.floor(at / n), at % n));
}

function identity(n: number, _random: Random, rows = n): Float64Array {
  return entries(n, (i, j) => Number(i === j), rows);
}

/** Off the diagonal within [-1, 1], on it further from 0 than a row of these can sum to. */
function dominant(n: number, random: Random, rows = n): Float64Array {
  const entry = (i: number, j: number): number =>
    i === j ? (random() < 0.5 ? -1 : 1) * (n + random()) : 2 * random() - 1;
  return entries(n, entry, rows);
}

/** The lower triangle on both sides: rounding must not break the symmetry. */
function symmetric(n: number, matrix: Float64Array): Float64Array {
  return entries(n, (i, j) => matrix[Math.max(i, j) * n + Math.min(i, j)]);
}

function symmetricDominant(n: number, random: Random): Float64Array {
  const half = symmetric(n, dominant(n, random));
  return half.map((x, at) => (at % (n + 1) === 0 ? Math.abs(x) + at / (n + 1) : x));
}

/** H D H with the reflection H = I - 2uuᵀ/uᵀu and the eigenvalues D between 1 and 1 + n, at least 0.6 apart. */
function spd(n: number, random: Random): Float64Array {
  const u = Float64Array.from({ length: n }, () => 0.5 + random());
  const square = u.reduce((sum, x) => sum + x * x, 0);
  const eigenvalues = Float64Array.from({ length: n }, (_, i) => 1 + i + 0.4 * random());
  const h = entries(n, (i, j) => Number(i === j) - (2 * u[i] * u[j]) / square);
  const product = entries(n, (i, j) => eigenvalues.reduce((sum, d, k) => sum + h[i * n + k] * d * h[k * n + j], 0));
  return symmetric(n, product);
}
