/** Q [m, n] and R [n, n] of a [m, n], m ≥ n, by Householder's reflections; R's diagonal is not negative. */
export function householder(a: Float64Array, n: number): [q: Float64Array, r: Float64Array] {
  const m = n === 0 ? 0 : a.length / n;
  const diagonal = new Float64Array(n);
  // Reflection j is I - v vᵀ / scale; its v takes the place of column j of a, from the diagonal down.
  const scales = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let norm = 0;
    for (let i = j; i < m; i++) norm = Math.hypot(norm, a[i * n + j]);
    const pivot = a[j * n + j];
    // Of the two signs the one without cancellation.
    diagonal[j] = pivot > 0 ? -norm : norm;
    a[j * n + j] = pivot - diagonal[j];
    scales[j] = -diagonal[j] * a[j * n + j];
    reflect(a, j, scales[j], a, j + 1, m, n);
  }
  const q = new Float64Array(m * n);
  for (let j = n - 1; j >= 0; j--) {
    q[j * n + j] = 1;
    reflect(a, j, scales[j], q, j, m, n);
  }
  const r = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const sign = diagonal[j] < 0 ? -1 : 1;
    r[j * n + j] = sign * diagonal[j];
    for (let k = j + 1; k < n; k++) r[j * n + k] = sign * a[j * n + k];
    if (sign < 0) for (let i = 0; i < m; i++) q[i * n + j] = -q[i * n + j];
  }
  return [q, r];
}

/** Applies the reflection in column j of v to the columns of x from `first` on. */
function reflect(
  v: Float64Array,
  j: number,
  scale: number,
  x: Float64Array,
  first: number,
  m: number,
  n: number,
): void {
  if (scale === 0) return;
  const dots = new Float64Array(n);
  for (let i = j; i < m; i++) for (let k = first; k < n; k++) dots[k] += v[i * n + j] * x[i * n + k];
  for (let i = j; i < m; i++) for (let k = first; k < n; k++) x[i * n + k] -= (v[i * n + j] / scale) * dots[k];
}
