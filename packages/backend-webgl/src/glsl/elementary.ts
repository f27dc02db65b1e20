import type { Functions } from './functions.ts';

/**
 * Exponentials, logarithms and their kin to a few units in the last place, where GLSL's own promise little. The
 * polynomials are those of Cephes (S. L. Moshier, single precision) unless a line says otherwise. Bits decide what is
 * NaN, because drivers may assume that there is none.
 */
export const elementary: Functions = {
  wNan: `
bool wNan(float x) { return (floatBitsToInt(x) & 0x7fffffff) > 0x7f800000; }`,

  wQuiet: `
float wQuiet() { return uintBitsToFloat(0x7fc00000u); }`,

  wInfinity: `
float wInfinity() { return uintBitsToFloat(0x7f800000u); }`,

  wTruth: `
float wTruth(bool x) { return x ? 1.0 : 0.0; }`,

  wNegative: `
bool wNegative(float x) { return (floatBitsToUint(x) & 0x80000000u) != 0u; }`,

  // The magnitude of x with the sign of y.
  wCopySign: `
float wCopySign(float x, float y) {
  return uintBitsToFloat((floatBitsToUint(x) & 0x7fffffffu) | (floatBitsToUint(y) & 0x80000000u));
}`,

  // Of two zeros the positive one is the greater: equals have the same bits but for that.
  wMax: `
float wMax(float x, float y) {
  float z = uintBitsToFloat(floatBitsToUint(x) & floatBitsToUint(y));
  return wNan(x) ? x : wNan(y) ? y : x > y ? x : y > x ? y : z;
}`,

  wMin: `
float wMin(float x, float y) {
  float z = uintBitsToFloat(floatBitsToUint(x) | floatBitsToUint(y));
  return wNan(x) ? x : wNan(y) ? y : x < y ? x : y < x ? y : z;
}`,

  // The language leaves it open for negative numbers and NaN, and drivers that join it with a division use that.
  wSqrt: `
float wSqrt(float x) { return x >= 0.0 ? sqrt(x) : wQuiet(); }`,

  wSign: `
float wSign(float x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x; }`,

  // 2^n of a whole number in [-126, 127]. Software renderers multiply faster than they shift.
  wPower: `
float wPower(float n) { return intBitsToFloat(int(n * 8388608.0) + 1065353216); }`,

  // x * 2^n in two steps, so that neither power leaves the range.
  wScale: `
float wScale(float x, float n) {
  float h = trunc(n * 0.5);
  return x * wPower(h) * wPower(n - h);
}`,

  // e^(x + y) for a small correction y. No branches: software renderers run both sides of each. What clamps may lose NaN.
  // The power of 2 is added to the exponent's bits: beyond 2^128 lies infinity, and below 2^-126 what is left is as small.
  wExpSum: `
float wExpSum(float x, float y) {
  float c = min(max(x, -104.0), 89.0);
  float n = floor(c * 1.44269504 + 0.5);
  float r = (c - n * 0.693359375) + (n * 2.12194440e-4 + y);
  float p = 1.3926203828e-3;
  p = p * r + 8.3631947637e-3;
  p = p * r + 4.1666556150e-2;
  p = p * r + 1.6666576266e-1;
  p = p * r + 0.5;
  int bits = floatBitsToInt(1.0 + (r + r * r * p)) + int(n * 8388608.0);
  return wNan(x) ? x : intBitsToFloat(clamp(bits, 0, 2139095040));
}`,

  wExp: `
float wExp(float x) { return wExpSum(x, 0.0); }`,

  // Taylor's polynomial around 0, where e^x - 1 cancels.
  wExpm1: `
float wExpm1(float x) {
  if (abs(x) > 0.5 || wNan(x)) return wExp(x) - 1.0;
  float p = 2.4801587e-5;
  p = p * x + 1.9841270e-4;
  p = p * x + 1.3888889e-3;
  p = p * x + 8.3333333e-3;
  p = p * x + 4.1666667e-2;
  p = p * x + 1.6666667e-1;
  p = p * x + 0.5;
  return x * (1.0 + x * p);
}`,

  // log((1 + s) / (1 - s)) for |s| <= 1/3, by its series: nothing cancels.
  wLogRatio: `
float wLogRatio(float s) {
  float z = s * s;
  float p = 0.13333333;
  p = p * z + 0.15384615;
  p = p * z + 0.18181818;
  p = p * z + 0.22222222;
  p = p * z + 0.28571429;
  p = p * z + 0.4;
  p = p * z + 0.66666667;
  return s * (2.0 + z * p);
}`,

  // x = m * 2^e for a positive finite x, with m between the roots of 1/2 and 2.
  wMantissa: `
float wMantissa(float x, out float e) {
  bool tiny = x < 1.17549435e-38;
  uint bits = floatBitsToUint(tiny ? x * 16777216.0 : x);
  float m = uintBitsToFloat((bits & 0x7fffffu) | 0x3f800000u);
  bool upper = m > 1.41421356;
  e = float(int(bits >> 23) - (tiny ? 151 : 127)) + (upper ? 1.0 : 0.0);
  return upper ? 0.5 * m : m;
}`,

  // (log((1 + s) / (1 - s)) - 2 s) / s^3 from z = s * s <= 0.03.
  wLogTail: `
float wLogTail(float z) { return ((0.22222222 * z + 0.28571429) * z + 0.4) * z + 0.66666667; }`,

  // log(x) of a positive finite x as a sum: the first term is a short multiple of the exponent.
  wLogParts: `
vec2 wLogParts(float x) {
  float e, m = wMantissa(x, e);
  float s = (m - 1.0) / (m + 1.0), z = s * s;
  return vec2(e * 0.693359375, s * (2.0 + z * wLogTail(z)) - e * 2.12194440e-4);
}`,

  // x, in a way that no compiler sees through: some take a - (a + b) for -b.
  wOpaque: `
uniform int wZero;
float wOpaque(float x) { return intBitsToFloat(floatBitsToInt(x) ^ wZero); }`,

  // The leading 12 bits, of which products are exact.
  wShort: `
float wShort(float x) { return uintBitsToFloat(floatBitsToUint(x) & 0xfffff000u); }`,

  // log(x) of a positive finite x as a sum to some 33 bits: the quotient is divided out by long division.
  wLogSum: `
vec2 wLogSum(float x) {
  float e, m = wMantissa(x, e);
  float f = m - 1.0, d = m + 1.0, s = f / d, z = s * s;
  float a = wShort(s), b = wShort(d);
  float rest = ((f - a * b) - a * (m - (b - 1.0))) / d;
  float first = e * 0.693359375, second = 2.0 * a, sum = wOpaque(first + second);
  return vec2(sum, (second - (sum - first)) + (2.0 * rest + (s * z * wLogTail(z) - e * 2.12194440e-4)));
}`,

  wLog: `
float wLog(float x) {
  vec2 parts = wLogParts(x);
  float y = x > 3.4028234e38 ? x : parts.x + parts.y;
  return wNan(x) || x < 0.0 ? wQuiet() : x == 0.0 ? -wInfinity() : y;
}`,

  wLog1p: `
float wLog1p(float x) {
  if (x > -0.5 && x < 1.0) return wLogRatio(x / (2.0 + x));
  return wLog(1.0 + x);
}`,

  // 1 / (1 + e^-x), arranged so that the exponential never overflows.
  wSigmoid: `
float wSigmoid(float x) {
  float e = wExp(-abs(x));
  return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}`,

  // Cephes within 1; beyond, the Chebyshev fit of Numerical Recipes (erfcc) for the complement.
  wErf: `
float wErf(float x) {
  if (wNan(x)) return x;
  float a = abs(x);
  float z = x * x;
  if (a < 1.0) {
    float p = 7.853861353153693e-5;
    p = p * z - 8.010193625184903e-4;
    p = p * z + 5.188327685732524e-3;
    p = p * z - 2.685381193529856e-2;
    p = p * z + 1.128358514861418e-1;
    p = p * z - 3.761262582423300e-1;
    p = p * z + 1.128379165726710;
    return x * p;
  }
  if (a > 4.0) return wCopySign(1.0, x);
  float t = 1.0 / (1.0 + 0.5 * a);
  float p = 0.17087277;
  p = p * t - 0.82215223;
  p = p * t + 1.48851587;
  p = p * t - 1.13520398;
  p = p * t + 0.27886807;
  p = p * t - 0.18628806;
  p = p * t + 0.09678418;
  p = p * t + 0.37409196;
  p = p * t + 1.00002368;
  p = p * t - 1.26551223;
  return wCopySign(1.0 - t * wExp(p - z), x);
}`,

  // IEEE 754's pow: repeated squaring for small whole exponents, else e^(y log x) with the logarithm in two parts. The
  // loops that run once are branches: software renderers leave out a loop that no invocation enters, but not a branch.
  wPow: `
float wPow(float x, float y) {
  bool whole = floor(y) == y;
  bool small = whole && y >= -8.0 && y <= 32.0;
  int n = small ? int(abs(y)) : 0;
  float r = 1.0;
  for (float b = y < 0.0 ? 1.0 / x : x; n > 0; n >>= 1) {
    r = (n & 1) == 1 ? r * b : r;
    b *= b;
  }
  for (bool other = !small && x != 1.0; other; other = false) {
    float a = abs(x);
    bool odd = whole && abs(y) < 16777216.0 && (int(y) & 1) == 1;
    if (wNan(x) || wNan(y) || (x < 0.0 && !whole && a <= 3.4028234e38)) {
      r = wQuiet();
    } else if (a == 0.0 || a == 1.0 || a > 3.4028234e38 || abs(y) > 3.4028234e38) {
      r = wPowSpecial(a, y);
    } else {
      vec2 parts = wLogSum(a);
      float high = wShort(parts.x), wide = wShort(y);
      float first = wide * high;
      float second = (y - wide) * high + y * ((parts.x - high) + parts.y);
      float sum = wOpaque(first + second);
      r = wExpSum(sum, abs(sum) > 104.0 ? 0.0 : second - (sum - first));
    }
    if (odd && wNegative(x)) r = -r;
  }
  return r;
}`,

  // a^y where a is 0, 1 or infinite or y is infinite.
  wPowSpecial: `
float wPowSpecial(float a, float y) {
  if (a == 1.0) return 1.0;
  return (a < 1.0) == (y < 0.0) ? wInfinity() : 0.0;
}`,
};
