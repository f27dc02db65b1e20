import { type Block, type KernelTable, type Output, type Storage, sizeOf } from '@wengert/core/functions';
import { eigh } from './eigh.ts';
import { qr } from './qr.ts';
import { store, valuesOf } from './storage.ts';

/** The loop over a batch: `compute` may write into its matrices; `rows` and `columns` are those of the last one. */
function batched<A>(compute: (matrices: Float64Array[], rows: number, columns: number, attrs: A) => Float64Array[]) {
  return (inputs: readonly Block[], attrs: A, outputs: readonly Output[]): Storage[] => {
    const { shape } = inputs[inputs.length - 1];
    const [rows, columns] = shape.slice(-2);
    const batch = sizeOf(shape.slice(0, -2));
    const part = (values: Float64Array, i: number): Float64Array =>
      values.subarray((i * values.length) / batch, ((i + 1) * values.length) / batch);
    const results = outputs.map((out) => new Float64Array(sizeOf(out.shape)));
    for (let i = 0; i < batch; i++) {
      const matrices = inputs.map((input) => part(valuesOf(input), i).slice());
      compute(matrices, rows, columns, attrs).forEach((values, k) => {
        part(results[k], i).set(values);
      });
    }
    return outputs.map((out, k) => store(out, results[k]));
  };
}

interface Triangle {
  readonly lower: boolean;
  readonly transpose: boolean;
  readonly unitDiagonal: boolean;
}

/** Turns `x` (n by m) from the right-hand side into the solution, beginning at the row with one unknown. */
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
    if (a[k * n + k] === 0) continue; // nothing is left to eliminate in this column: the matrix is singular
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return { order, sign };
}

/** X of A X = B, by P A = L U. */
function solve(a: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const { order } = eliminate(a, n);
  const x = b.map((_, at) => b[order[Math.floor(at / m)] * m + (at % m)]);
  substitute(a, x, n, m, { lower: true, transpose: false, unitDiagonal: true });
  substitute(a, x, n, m, { lower: false, transpose: false, unitDiagonal: false });
  return x;
}

/** The sign and the logarithm of the magnitude of the determinant, from the diagonal of U; adding 0 makes 0 of -0. */
function slogdet(a: Float64Array, n: number): Float64Array[] {
  let { sign } = eliminate(a, n);
  let logarithm = 0;
  for (let i = 0; i < n; i++) {
    sign *= Math.sign(a[i * n + i]);
    logarithm += Math.log(Math.abs(a[i * n + i]));
  }
  return [Float64Array.of(sign + 0), Float64Array.of(logarithm)];
}

/** L of the symmetric part of A = L Lᵀ, column by column; NaN on and below the diagonal where there is none. */
function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = (a[i * n + j] + a[j * n + i]) / 2;
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j];
    }
    if (!(l[j * n + j] > 0)) return l.map((_, at) => (at % n <= Math.floor(at / n) ? NaN : 0));
  }
  return l;
}

export const linearAlgebraKernels: KernelTable = {
  triangularSolve: batched(([a, x], n, m, triangle) => {
    substitute(a, x, n, m, triangle);
    return [x];
  }),
  cholesky: batched(([a], n) => [cholesky(a, n)]),
  solve: batched(([a, b], n, m) => [solve(a, b, n, m)]),
  slogdet: batched(([a], n) => slogdet(a, n)),
  eigh: batched(([a], n) => eigh(a, n)),
  qr: batched(([a], m, n) => qr(a, m, n)),
};
