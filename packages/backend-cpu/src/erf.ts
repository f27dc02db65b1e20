/** The error function, to about an ulp. The coefficients are Chebyshev expansions, computed to 50 digits. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 1) return x * near(x * x);
  if (size < 6) return Math.sign(x) * (1 - (Math.exp(-x * x) * far((size - 3) / (size + 3))) / (size + 3));
  return Math.sign(x);
}

/** erf(x) / x for the square of x in [0, 1]. */
function near(square: number): number {
  let sum = 5.958930743134941e-11;
  sum = sum * square - 1.1373902296430911e-9;
  sum = sum * square + 1.4660051998394848e-8;
  sum = sum * square - 1.6350354461959655e-7;
  sum = sum * square + 1.6461004480962034e-6;
  sum = sum * square - 1.4925595519506043e-5;
  sum = sum * square + 0.00012055331122299266;
  sum = sum * square - 0.0008548326981129666;
  sum = sum * square + 0.005223977624823223;
  sum = sum * square - 0.026866170645077334;
  sum = sum * square + 0.11283791670954882;
  sum = sum * square - 0.3761263890318375;
  sum = sum * square + 1.1283791670955126;
  return sum;
}

/** e^(x²) erfc(x) (x + 3) for t = (x - 3) / (x + 3), x in [1, 6]. */
function far(t: number): number {
  let sum = 1.2265263807613668e-6;
  sum = sum * t - 4.918352466027666e-6;
  sum = sum * t - 1.6960240041447972e-5;
  sum = sum * t + 3.054615414167648e-5;
  sum = sum * t + 0.00010749442276868754;
  sum = sum * t - 0.00027680360794602534;
  sum = sum * t - 0.0005483054496695556;
  sum = sum * t + 0.0030340639819865832;
  sum = sum * t - 0.001212416759137038;
  sum = sum * t - 0.026827234697124062;
  sum = sum * t + 0.11952776128918723;
  sum = sum * t - 0.3104672618994279;
  sum = sum * t + 0.5902283571040907;
  sum = sum * t - 0.8833944531698887;
  sum = sum * t + 1.0740069070883398;
  return sum;
}
