/** The error function, to about an ulp. The coefficients are Chebyshev expansions, computed to 50 digits. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 1) return x * polynomial(NEAR, x * x);
  if (size >= 6) return Math.sign(x);
  return Math.sign(x) * (1 - (Math.exp(-x * x) * polynomial(FAR, (size - 3) / (size + 3))) / (size + 3));
}

/** erf(x) / x for the square of x in [0, 1]. */
const NEAR: readonly number[] = [
  5.95893e-11, -1.13739023e-9, 1.4660052e-8, -1.6350354462e-7, 1.6461004481e-6, -1.49255955195e-5, 0.000120553311223,
  -0.00085483269811297, 0.00522397762482322, -0.02686617064507733, 0.11283791670954882, -0.3761263890318375,
  1.1283791670955126,
];

/** e^(x²) erfc(x) (x + 3) for t = (x - 3) / (x + 3), x in [1, 6]. */
const FAR: readonly number[] = [
  1.2265263808e-6, -4.918352466e-6, -1.696024004145e-5, 3.05461541417e-5, 0.0001074944227687, -0.000276803607946,
  -0.00054830544966956, 0.0030340639819866, -0.001212416759137, -0.0268272346971241, 0.1195277612891872,
  -0.3104672618994279, 0.5902283571040907, -0.8833944531698887, 1.0740069070883398,
];

/** From the coefficient of the highest power on. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum = sum * x + coefficients[i];
  return sum;
}
