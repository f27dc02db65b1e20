/** Eigenvalues, ascending, and eigenvectors, as columns, of the symmetric part of a, by Jacobi's rotations. */
export function eigenvectors(a: Float64Array, n: number): [values: Float64Array, vectors: Float64Array] {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i] = (a[i * n + j] + a[j * n + i]) / 2;
  const scale = a.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  if (!Number.isFinite(scale)) return [new Float64Array(n).fill(Number.NaN), a.fill(Number.NaN)];
  // Row k holds eigenvector k until the end: rows are contiguous.
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let sweep = 0; sweep < 100; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) if (rotate(a, rows, n, p, q, 1e-20 * scale)) rotated = true;
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i] - a[j * n + j]);
  const vectors = new Float64Array(n * n);
  for (const [column, k] of order.entries()) {
    const row = rows.subarray(k * n, (k + 1) * n);
    // The first component that is nearly the largest decides the sign: rounding must not choose among equals.
    const largest = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const sign = Math.sign(row.find((x) => Math.abs(x) >= 0.99 * largest) ?? 1);
    for (let i = 0; i < n; i++) vectors[i * n + column] = sign * row[i];
  }
  return [Float64Array.from(order, (k) => a[k * n + k]), vectors];
}

/** Makes a[p, q] zero by a rotation of rows and columns p and q; says whether it was not negligible. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number, negligible: number): boolean {
  const off = a[p * n + q];
  if (Math.abs(off) <= negligible) return false;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cos = 1 / Math.hypot(t, 1);
  const sin = t * cos;
  for (let k = 0; k < n; k++) {
    const x = a[k * n + p];
    const y = a[k * n + q];
    a[k * n + p] = cos * x - sin * y;
    a[k * n + q] = sin * x + cos * y;
  }
  turn(a, n, p, q, cos, sin);
  turn(vectors, n, p, q, cos, sin);
  a[p * n + q] = a[q * n + p] = 0;
  return true;
}

/** Rotates rows p and q. */
function turn(x: Float64Array, n: number, p: number, q: number, cos: number, sin: number): void {
  for (let k = 0; k < n; k++) {
    const above = x[p * n + k];
    const below = x[q * n + k];
    x[p * n + k] = cos * above - sin * below;
    x[q * n + k] = sin * above + cos * below;
  }
}
