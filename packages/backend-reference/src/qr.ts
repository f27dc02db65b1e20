const squareOf = (u: Float64Array): number => u.reduce((sum, x) => sum + x * x, 0);

/** Applies the reflection I - 2 u uᵀ / (uᵀ u) to `a`, which has `columns` columns and as many rows as `u`. */
function reflect(a: Float64Array, columns: number, u: Float64Array): void {
  const square = squareOf(u);
  if (square === 0) return;
  for (let j = 0; j < columns; j++) {
    let product = 0;
    for (let i = 0; i < u.length; i++) product += u[i] * a[i * columns + j];
    for (let i = 0; i < u.length; i++) a[i * columns + j] -= (2 * product * u[i]) / square;
  }
}

/** The reduced factors of `a` (m by n, m ≥ n) by Householder reflections, R with a non-negative diagonal. */
export function qr(a: Float64Array, m: number, n: number): [q: Float64Array, r: Float64Array] {
  const work = a.slice();
  // Each reflection takes column j, below row j, onto its first axis, away from where it points so that nothing cancels.
  const mirrors = Array.from({ length: n }, (_, j) => {
    const u = new Float64Array(m).map((_, i) => (i < j ? 0 : work[i * n + j]));
    u[j] += (u[j] < 0 ? -1 : 1) * Math.sqrt(squareOf(u));
    reflect(work, n, u);
    return u;
  });
  const q = new Float64Array(m * n).map((_, at) => (at % n === Math.floor(at / n) ? 1 : 0));
  for (const u of mirrors.reverse()) reflect(q, n, u);
  const sign = (j: number): number => (work[j * n + j] < 0 ? -1 : 1);
  return [
    q.map((value, at) => sign(at % n) * value),
    work.subarray(0, n * n).map((value, at) => (at % n < Math.floor(at / n) ? 0 : sign(Math.floor(at / n)) * value)),
  ];
}
