import type { Functions } from './functions.ts';

/** Remainders, and integers held in floats. */
export const integers: Functions = {
  // The exact remainder with the sign of x, by long division: every subtraction is exact.
  wRemainder: `
float wRemainder(float x, float y) {
  float r = abs(x), b = abs(y);
  if (wNan(x) || wNan(y) || r > 3.4028234e38 || b == 0.0) return wQuiet();
  if (b > 3.4028234e38 || r < b) return x;
  int n = int(floatBitsToUint(r) >> 23) - int(floatBitsToUint(b) >> 23);
  for (; n >= 0; n--) {
    float t = wScale(b, float(n));
    if (r >= t) r -= t;
  }
  return wCopySign(r, x);
}`,

  // The remainder with the sign of the divisor.
  wMod: `
float wMod(float x, float y) {
  float r = wRemainder(x, y);
  return r != 0.0 && (r < 0.0) != (y < 0.0) ? r + y : r;
}`,

  // floor(x / y) of the exact quotient, where one rounded up to a whole number would give the next.
  wFloorDiv: `
float wFloorDiv(float x, float y) {
  float q = x / y;
  if (wNan(q) || abs(q) >= 8388608.0 || x == 0.0 || y == 0.0 || abs(y) > 3.4028234e38) return floor(q);
  float r = wMod(x, y);
  return floor((x - r) / y + 0.5);
}`,

  wIntMod: `
float wIntMod(float x, float y) {
  int a = int(x), b = int(y);
  if (b == 0) return 0.0;
  int r = a - b * (a / b);
  return float(r != 0 && (r < 0) != (b < 0) ? r + b : r);
}`,

  wIntFloorDiv: `
float wIntFloorDiv(float x, float y) {
  int a = int(x), b = int(y);
  if (b == 0) return 0.0;
  int q = a / b;
  return float(a - b * q != 0 && (a < 0) != (b < 0) ? q - 1 : q);
}`,

  // ECMAScript's ToInt32: towards zero, then modulo 2^32. All steps are exact.
  wToInt: `
float wToInt(float x) {
  if ((floatBitsToUint(x) & 0x7f800000u) == 0x7f800000u) return 0.0;
  float t = trunc(x);
  if (abs(t) < 2147483648.0) return t == 0.0 ? 0.0 : t;
  t -= 4294967296.0 * floor(t / 4294967296.0);
  return t >= 2147483648.0 ? t - 4294967296.0 : t;
}`,
};
