/** Overwrites b [n, m] with the solution of a triangular system; `row` and `column` are the steps in a. */
export function substitute(
  a: Float64Array,
  row: number,
  column: number,
  b: Float64Array,
  n: number,
  lower: boolean,
  unit: boolean,
): void {
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

/** Overwrites a with L (below the diagonal, which is 1) and U of its rows in the order returned. */
export function eliminate(a: Float64Array, n: number): { order: number[]; sign: number } {
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
