import type { Functions } from './functions.ts';

/** Hyperbolic functions and their inverses: polynomials of Cephes (S. L. Moshier) where the exponentials cancel. */
export const hyperbolic: Functions = {
  wSinh: `
float wSinh(float x) {
  float a = abs(x);
  if (a < 1.0) {
    float z = x * x;
    return x * (1.0 + z * ((2.03721912945e-4 * z + 8.33028376239e-3) * z + 1.66667160211e-1));
  }
  float h = wExp(0.5 * a);
  return wCopySign(0.5 * h * h - 0.5 / h / h, x);
}`,

  wCosh: `
float wCosh(float x) {
  float h = wExp(0.5 * abs(x));
  return 0.5 * h * h + 0.5 / h / h;
}`,

  wTanh: `
float wTanh(float x) {
  float a = abs(x);
  if (wNan(x)) return x;
  if (a < 0.625) {
    float z = x * x;
    float p = -5.70498872745e-3;
    p = p * z + 2.06390887954e-2;
    p = p * z - 5.37397155531e-2;
    p = p * z + 1.33314422036e-1;
    p = p * z - 3.33332819422e-1;
    return x * (1.0 + z * p);
  }
  return wCopySign(1.0 - 2.0 / (wExp(2.0 * a) + 1.0), x);
}`,

  wAsinh: `
float wAsinh(float x) {
  float a = abs(x);
  if (wNan(x)) return x;
  if (a > 1.0e9) return wCopySign(wLog(a) + 0.69314718, x);
  return wCopySign(wLog1p(a + a * a / (1.0 + sqrt(1.0 + a * a))), x);
}`,

  wAcosh: `
float wAcosh(float x) {
  if (wNan(x) || x < 1.0) return wQuiet();
  if (x > 1.0e9) return wLog(x) + 0.69314718;
  float t = x - 1.0;
  return wLog1p(t + sqrt(t * (2.0 + t)));
}`,

  wAtanh: `
float wAtanh(float x) {
  float a = abs(x);
  if (wNan(x) || a > 1.0) return wQuiet();
  if (a == 1.0) return wCopySign(wInfinity(), x);
  return wCopySign(a < 0.33 ? 0.5 * wLogRatio(a) : 0.5 * wLog1p(2.0 * a / (1.0 - a)), x);
}`,
};
