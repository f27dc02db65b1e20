import type { Functions } from './functions.ts';

/** Circular functions: polynomials of Cephes (S. L. Moshier, single precision) after an exact reduction. */
export const trigonometry: Functions = {
  // x - q * pi/2 for |x| < 2^23, against pi/2 in short parts whose products with the halves of q are exact (Cody and
  // Waite). Greater arguments, of which neighbours are a whole radian apart, would take integer arithmetic, which
  // software renderers would run for all the others too.
  wReduce: `
float wReduce(float x, out int q) {
  float n = floor(x * 0.636619772 + 0.5);
  float high = trunc(n / 2048.0) * 2048.0, low = n - high;
  float r = (x - high * 1.5703125) - low * 1.5703125;
  r = (r - high * 4.837512969970703e-4) - low * 4.837512969970703e-4;
  r = (r - high * 7.549533620476723e-8) - low * 7.549533620476723e-8;
  r -= n * 2.5633440682570896e-12;
  float k = floor(r * 0.636619772 + 0.5);
  q = int(n) + int(k);
  return ((r - k * 1.5703125) - k * 4.837512969970703e-4) - k * 7.549790126404332e-8;
}`,

  wSinKernel: `
float wSinKernel(float r) {
  float z = r * r;
  return r * (1.0 + z * ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1));
}`,

  wCosKernel: `
float wCosKernel(float r) {
  float z = r * r;
  return 1.0 - 0.5 * z + z * z * ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2);
}`,

  wSin: `
float wSin(float x) {
  int q;
  float r = wReduce(x, q);
  float s = (q & 1) == 0 ? wSinKernel(r) : wCosKernel(r);
  return abs(x) < 8388608.0 ? ((q & 2) == 0 ? s : -s) : wGreat(x, sin(x));
}`,

  wCos: `
float wCos(float x) {
  int q;
  float r = wReduce(x, q);
  float c = (q & 1) == 0 ? wCosKernel(r) : wSinKernel(r);
  return abs(x) < 8388608.0 ? (((q + 1) & 2) == 0 ? c : -c) : wGreat(x, cos(x));
}`,

  // The renderer's own answer for a great argument, and NaN for an infinite one.
  wGreat: `
float wGreat(float x, float y) { return abs(x) <= 3.4028234e38 ? clamp(y, -1.0, 1.0) : wQuiet(); }`,

  wTan: `
float wTan(float x) {
  int q;
  float r = wReduce(x, q);
  float s = wSinKernel(r), c = wCosKernel(r);
  float t = (q & 1) == 0 ? s / c : -c / s;
  return abs(x) < 8388608.0 ? t : abs(x) <= 3.4028234e38 ? tan(x) : wQuiet();
}`,

  // asin(s) from s and z = s * s, for s <= 0.5.
  wAsinKernel: `
float wAsinKernel(float s, float z) {
  float p = 4.2163199048e-2;
  p = p * z + 2.4181311049e-2;
  p = p * z + 4.5470025998e-2;
  p = p * z + 7.4953002686e-2;
  p = p * z + 1.6666752422e-1;
  return s * (1.0 + z * p);
}`,

  wAsin: `
float wAsin(float x) {
  float a = abs(x);
  if (wNan(x) || a > 1.0) return wQuiet();
  if (a <= 0.5) return wAsinKernel(x, x * x);
  float z = 0.5 * (1.0 - a);
  return wCopySign(1.57079633 - 2.0 * wAsinKernel(sqrt(z), z), x);
}`,

  wAcos: `
float wAcos(float x) {
  float a = abs(x);
  if (wNan(x) || a > 1.0) return wQuiet();
  if (a <= 0.5) return 1.57079633 - wAsinKernel(x, x * x);
  float z = 0.5 * (1.0 - a);
  float y = 2.0 * wAsinKernel(sqrt(z), z);
  return x > 0.0 ? y : 3.14159265 - y;
}`,

  wAtan: `
float wAtan(float x) {
  if (wNan(x)) return x;
  float a = abs(x), y = 0.0;
  if (a > 2.414213562373095) {
    y = 1.57079633;
    a = -1.0 / a;
  } else if (a > 0.4142135623730950) {
    y = 0.785398163;
    a = (a - 1.0) / (a + 1.0);
  }
  float z = a * a;
  float p = 8.05374449538e-2;
  p = p * z - 1.38776856032e-1;
  p = p * z + 1.99777106478e-1;
  p = p * z - 3.33329491539e-1;
  return wCopySign(y + a * (1.0 + z * p), x);
}`,

  wAtan2: `
float wAtan2(float y, float x) {
  if (wNan(x) || wNan(y)) return wQuiet();
  float a = abs(y), b = abs(x);
  float big = max(a, b), small = min(a, b);
  float t = big == 0.0 ? 0.0 : small > 3.4028234e38 ? 0.785398163 : wAtan(small / big);
  if (a > b) t = 1.57079633 - t;
  if (wNegative(x)) t = 3.14159265 - t;
  return wCopySign(t, y);
}`,
};
