/**
 * The error function, rounded correctly but for hardly any argument: a series near 0, summed with twice the digits of a
 * number, and one minus the complement further out.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude === 0) return x;
  if (magnitude <= 3) return series(x);
  return magnitude > 6 ? Math.sign(x) : Math.sign(x) * (1 - complement(magnitude));
}

/** The unevaluated sum of two numbers, of which the second is below the last place of the first. */
type Double = readonly [high: number, low: number];

/** 2/√π. */
const SCALE: Double = [1.1283791670955126, 1.533545961316588e-17];

/** Abramowitz and Stegun 7.1.5: 2/√π Σ (-1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)); what its terms cancel, their second halves keep. */
function series(x: number): number {
  const square = exactProduct(x, -x);
  let power: Double = [1, 0];
  let sum: Double = [1, 0];
  for (let n = 1, before = 0; before !== sum[0] || Math.abs(power[0]) > 2 ** -60; n++) {
    before = sum[0];
    power = quotient(product(power, square), n);
    sum = total(sum, quotient(power, 2 * n + 1));
  }
  return product(product(sum, SCALE), [x, 0])[0];
}

/** Abramowitz and Stegun 7.1.14, from its tail: erfc x = e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + ...)))). */
function complement(x: number): number {
  let fraction = x;
  for (let n = 100; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

// Dekker, A floating-point technique for extending the available precision (1971).

function renormalised(high: number, low: number): Double {
  const sum = high + low;
  return [sum, low - (sum - high)];
}

/** The upper half of the digits. */
function upper(x: number): number {
  const scaled = x * (2 ** 27 + 1);
  return scaled - (scaled - x);
}

function exactProduct(a: number, b: number): Double {
  const [p, a1, b1] = [a * b, upper(a), upper(b)];
  const [a0, b0] = [a - a1, b - b1];
  return [p, a0 * b0 - (p - a1 * b1 - a0 * b1 - a1 * b0)];
}

function product([a, a0]: Double, [b, b0]: Double): Double {
  const [high, low] = exactProduct(a, b);
  return renormalised(high, low + (a * b0 + a0 * b));
}

function quotient([a, a0]: Double, b: number): Double {
  const q = a / b;
  const [high, low] = exactProduct(q, b);
  return renormalised(q, (a - high - low + a0) / b);
}

function total([a, a0]: Double, [b, b0]: Double): Double {
  const sum = a + b;
  const rounded = sum - a;
  return renormalised(sum, a - (sum - rounded) + (b - rounded) + (a0 + b0));
}
