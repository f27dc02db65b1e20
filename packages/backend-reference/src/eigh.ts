/** Turns columns p and q of `a`, `step` apart from row to row: [p, q] becomes [c·p - s·q, s·p + c·q]. */
function rotate(a: Float64Array, n: number, p: number, q: number, step: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p + k * step], a[q + k * step]];
    a[p + k * step] = c * x - s * y;
    a[q + k * step] = s * x + c * y;
  }
}

/** The eigenvalues, ascending, and the eigenvectors of the symmetric part of `a` (n by n) by cyclic Jacobi rotations. */
export function eigh(a: Float64Array, n: number): [w: Float64Array, v: Float64Array] {
  const d = a.map((value, at) => (value + a[(at % n) * n + Math.floor(at / n)]) / 2);
  const v = d.map((_, at) => (at % (n + 1) === 0 ? 1 : 0));
  const scale = d.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (!Number.isFinite(scale)) return [new Float64Array(n).fill(NaN), v.fill(NaN)];

  // A handful of sweeps does it; the bound is for matrices of denormal numbers, whose rounding errors never die out.
  for (let sweep = 0, turned = true; turned && sweep < 100; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        // Convergence is quadratic: what is this small now is far below an ulp of every eigenvalue.
        if (Math.abs(d[p * n + q]) <= 1e-20 * scale) continue;
        turned = true;
        const cot2 = (d[q * n + q] - d[p * n + p]) / (2 * d[p * n + q]);
        const tan = (cot2 >= 0 ? 1 : -1) / (Math.abs(cot2) + Math.hypot(1, cot2));
        const c = 1 / Math.hypot(1, tan);
        rotate(d, n, p, q, n, c, c * tan); // the columns
        rotate(d, n, p * n, q * n, 1, c, c * tan); // the rows
        d[p * n + q] = d[q * n + p] = 0; // which the angle was chosen for
        rotate(v, n, p, q, n, c, c * tan);
      }
    }
  }

  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => d[i * n + i] - d[j * n + j]);
  const signs = order.map((column) => signOf(v, n, column));
  return [
    Float64Array.from(order, (i) => d[i * n + i]),
    v.map((_, at) => signs[at % n] * v[at - (at % n) + order[at % n]]),
  ];
}

/** The sign of the first component that is within a hundredth of the largest: rounding must not choose among equals. */
function signOf(v: Float64Array, n: number, column: number): number {
  const components = Array.from({ length: n }, (_, k) => v[k * n + column]);
  const largest = components.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Math.sign(components.find((x) => Math.abs(x) >= 0.99 * largest) ?? 1);
}
