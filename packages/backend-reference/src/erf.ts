/** The error function, with a relative error below 1e-15: a series near 0, one minus the complement further out. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 2) return series(x);
  return magnitude > 6 ? Math.sign(x) : Math.sign(x) * (1 - complement(magnitude));
}

/** Abramowitz and Stegun 7.1.6: 2x/√π e^(-x²) Σ (2x²)ⁿ / (1·3···(2n+1)), whose terms all have one sign. */
function series(x: number): number {
  let sum = 0;
  for (let term = 1, n = 1; sum + term !== sum; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * x * expOfMinusSquare(x) * sum;
}

/** Abramowitz and Stegun 7.1.14, from its tail: erfc x = e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + ...)))). */
function complement(x: number): number {
  let fraction = x;
  for (let n = 100; n > 0; n--) fraction = x + n / 2 / fraction;
  return expOfMinusSquare(x) / Math.sqrt(Math.PI) / fraction;
}

/** e^(-x²) without the rounding error of x²: the square of a float32 is exact in float64, and the rest is small. */
function expOfMinusSquare(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}
