import { type Block, type KernelTable, sizeOf } from '@wengert/core';
import { eigh } from './eigh.ts';
import { qr } from './qr.ts';
import { store, valuesOf } from './storage.ts';

/** The matrices of a batch, as views of one copy that may be written into. */
function matricesOf(block: Block): Float64Array[] {
  const [rows, columns] = block.shape.slice(-2);
  const values = valuesOf(block).slice();
  const views = Array.from({ length: sizeOf(block.shape.slice(0, -2)) });
  return views.map((_, i) => values.subarray(i * rows * columns, (i + 1) * rows * columns));
}

/** One array of the results for each matrix of a batch. */
function flatten(results: readonly Float64Array[]): Float64Array {
  return Float64Array.from(results.flatMap((values) => Array.from(values)));
}

interface Triangle {
  readonly lower: boolean;
  readonly transpose: boolean;
  readonly unitDiagonal: boolean;
}

/** Overwrites `x` (n by m), the right-hand side, with the solution: row by row, from the end where one unknown stands alone. */
function substitute(a: Float64Array, x: Float64Array, n: number, m: number, triangle: Triangle): void {
  const { lower, transpose, unitDiagonal } = triangle;
  const forward = lower !== transpose;
  const coefficient = (i: number, k: number): number => (transpose ? a[k * n + i] : a[i * n + k]);
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    for (let k = forward ? 0 : i + 1; k < (forward ? i : n); k++) {
      for (let j = 0; j < m; j++) x[i * m + j] -= coefficient(i, k) * x[k * m + j];
    }
    if (unitDiagonal) continue;
    for (let j = 0; j < m; j++) x[i * m + j] /= coefficient(i, i);
  }
}

/**
 * Gaussian elimination with partial pivoting, in place: U on and above the diagonal of `a`, the factors of L below it.
 * Gives the rows in the order of the pivots and the sign of that permutation.
 */
function eliminate(a: Float64Array, n: number): { order: number[]; sign: number } {
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j], a[k * n + j]];
      [order[k], order[pivot]] = [order[pivot], order[k]];
      sign = -sign;
    }
    if (a[k * n + k] === 0) continue; // the column is eliminated already, and the matrix is singular
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return { order, sign };
}

/** Solves A X = B by A = Pᵀ L U. */
function solve(a: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const { order } = eliminate(a, n);
  const x = new Float64Array(n * m);
  order.forEach((row, i) => {
    x.set(b.subarray(row * m, (row + 1) * m), i * m);
  });
  substitute(a, x, n, m, { lower: true, transpose: false, unitDiagonal: true });
  substitute(a, x, n, m, { lower: false, transpose: false, unitDiagonal: false });
  return x;
}

/** L with A = L Lᵀ, column by column, of the symmetric part of A; NaN on and below the diagonal where there is none. */
function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = (a[i * n + j] + a[j * n + i]) / 2;
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j];
    }
    if (!(l[j * n + j] > 0)) {
      for (let i = 0; i < n; i++) l.fill(NaN, i * n, i * n + i + 1);
      return l;
    }
  }
  return l;
}

export const linearAlgebraKernels: KernelTable = {
  triangularSolve: ([a, b], attrs, [out]) => {
    const [n, m] = b.shape.slice(-2);
    const right = matricesOf(b);
    matricesOf(a).forEach((matrix, i) => {
      substitute(matrix, right[i], n, m, attrs);
    });
    return [store(out, flatten(right))];
  },

  cholesky: ([a], _, [out]) => {
    const n = a.shape[a.shape.length - 1];
    return [store(out, flatten(matricesOf(a).map((matrix) => cholesky(matrix, n))))];
  },

  solve: ([a, b], _, [out]) => {
    const [n, m] = b.shape.slice(-2);
    const right = matricesOf(b);
    return [store(out, flatten(matricesOf(a).map((matrix, i) => solve(matrix, right[i], n, m))))];
  },

  slogdet: ([a], _, [signs, logarithms]) => {
    const n = a.shape[a.shape.length - 1];
    const results = matricesOf(a).map((matrix) => {
      let { sign } = eliminate(matrix, n);
      let logarithm = 0;
      for (let i = 0; i < n; i++) {
        sign *= Math.sign(matrix[i * n + i]);
        logarithm += Math.log(Math.abs(matrix[i * n + i]));
      }
      return { sign, logarithm };
    });
    return [
      store(
        signs,
        Float64Array.from(results, ({ sign }) => sign),
      ),
      store(
        logarithms,
        Float64Array.from(results, ({ logarithm }) => logarithm),
      ),
    ];
  },

  eigh: ([a], _, [values, vectors]) => {
    const n = a.shape[a.shape.length - 1];
    const results = matricesOf(a).map((matrix) => eigh(matrix, n));
    return [store(values, flatten(results.map(({ w }) => w))), store(vectors, flatten(results.map(({ v }) => v)))];
  },

  qr: ([a], _, [orthogonal, triangular]) => {
    const [m, n] = a.shape.slice(-2);
    const results = matricesOf(a).map((matrix) => qr(matrix, m, n));
    return [
      store(orthogonal, flatten(results.map(({ q }) => q))),
      store(triangular, flatten(results.map(({ r }) => r))),
    ];
  },
};
