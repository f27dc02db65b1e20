import { type Block, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { make, view } from '../storage.ts';
import { eigenvectors } from './eigenvectors.ts';
import { householder } from './householder.ts';

/** Calls `f` with a copy in double of each input's matrix; what it returns is stored as each output's matrix. */
function eachMatrix(
  inputs: readonly Block[],
  outputs: readonly Output[],
  rank: number,
  f: (...matrices: Float64Array[]) => readonly ArrayLike<number>[],
): readonly object[] {
  const results = outputs.map((out) => make(out));
  const [{ shape }] = inputs;
  const batch = sizeOf(shape.slice(0, shape.length - rank));
  for (let i = 0; i < batch; i++) {
    const matrices = inputs.map((input) => {
      const data = view(input);
      const size = data.length / batch;
      return Float64Array.from(data.subarray(i * size, (i + 1) * size));
    });
    const values = f(...matrices);
    for (const [k, { data }] of results.entries()) data.set(values[k], (i * data.length) / batch);
  }
  return results;
}

/** Overwrites b [n, m] with the solution of a triangular system; `row` and `column` are the steps in a. */
function substitute(
  a: Float64Array,
  row: number,
  column: number,
  b: Float64Array,
  n: number,
  lower: boolean,
  unit: boolean,
) {
  const m = b.length / n;
  for (let step = 0; step < n; step++) {
    const i = lower ? step : n - 1 - step;
    for (let k = lower ? 0 : i + 1; k < (lower ? i : n); k++) {
      const factor = a[i * row + k * column];
      if (factor !== 0) for (let j = 0; j < m; j++) b[i * m + j] -= factor * b[k * m + j];
    }
    if (!unit) for (let j = 0; j < m; j++) b[i * m + j] /= a[i * row + i * column];
  }
}

/** Overwrites a with the Cholesky factor of its symmetric part: NaN where there is none. */
function factorize(a: Float64Array, n: number): Float64Array {
  let definite = true;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = (a[i * n + j] + a[j * n + i]) / 2;
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i === j) definite &&= sum > 0;
      a[i * n + j] = definite ? (i === j ? Math.sqrt(sum) : sum / a[j * n + j]) : Number.NaN;
    }
  }
  for (let i = 0; i < n; i++) {
    if (!definite) a.fill(Number.NaN, i * n, i * n + i + 1);
    a.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return a;
}

/** Overwrites a with L (below the diagonal, which is 1) and U of its rows in the order returned. */
function decompose(a: Float64Array, n: number): { order: number[]; sign: number } {
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(a[i * n + j]) > Math.abs(a[pivot * n + j])) pivot = i;
    if (pivot !== j) {
      sign = -sign;
      [order[j], order[pivot]] = [order[pivot], order[j]];
      const swapped = a.slice(j * n, (j + 1) * n);
      a.copyWithin(j * n, pivot * n, (pivot + 1) * n);
      a.set(swapped, pivot * n);
    }
    for (let i = j + 1; i < n; i++) {
      if (a[i * n + j] === 0) continue;
      const factor = a[i * n + j] / a[j * n + j];
      a[i * n + j] = factor;
      for (let k = j + 1; k < n; k++) a[i * n + k] -= factor * a[j * n + k];
    }
  }
  return { order, sign };
}

const lengthOf = ({ shape }: Block): number => shape[shape.length - 1];

/** Solvers and factorizations, in double whatever the dtype. */
export const linearAlgebra: KernelTable = {
  triangularSolve(inputs, { lower, transpose, unitDiagonal }, outputs) {
    const n = lengthOf(inputs[0]);
    return eachMatrix(inputs, outputs, 2, (a, b) => {
      if (transpose) substitute(a, 1, n, b, n, !lower, unitDiagonal);
      else substitute(a, n, 1, b, n, lower, unitDiagonal);
      return [b];
    });
  },

  cholesky: (inputs, _, outputs) => eachMatrix(inputs, outputs, 2, (a) => [factorize(a, lengthOf(inputs[0]))]),

  solve(inputs, _, outputs) {
    const n = lengthOf(inputs[0]);
    return eachMatrix(inputs, outputs, 2, (a, b) => {
      const { order } = decompose(a, n);
      const m = b.length / n;
      const x = new Float64Array(b.length);
      for (let i = 0; i < n; i++) x.set(b.subarray(order[i] * m, (order[i] + 1) * m), i * m);
      substitute(a, n, 1, x, n, true, true);
      substitute(a, n, 1, x, n, false, false);
      return [x];
    });
  },

  slogdet(inputs, _, outputs) {
    const n = lengthOf(inputs[0]);
    return eachMatrix(inputs, outputs, 2, (a) => {
      let { sign } = decompose(a, n);
      let log = 0;
      for (let i = 0; i < n; i++) {
        sign *= Math.sign(a[i * n + i]);
        log += Math.log(Math.abs(a[i * n + i]));
      }
      return [[sign], [log]];
    });
  },

  eigh: (inputs, _, outputs) => eachMatrix(inputs, outputs, 2, (a) => eigenvectors(a, lengthOf(inputs[0]))),
  qr: (inputs, _, outputs) => eachMatrix(inputs, outputs, 2, (a) => householder(a, lengthOf(inputs[0]))),
};
