import type { Functions } from './library.ts';

/** Circular functions: polynomials of Cephes (S. L. Moshier, single precision) after an exact reduction. */
export const trigonometry: Functions = {
  // The upper half of a 64-bit product.
  wMulHigh: `
uint wMulHigh(uint a, uint b) {
  uint al = a & 0xffffu, ah = a >> 16, bl = b & 0xffffu, bh = b >> 16;
  uint mid = ah * bl + ((al * bl) >> 16);
  uint low = al * bh + (mid & 0xffffu);
  return ah * bh + (mid >> 16) + (low >> 16);
}`,

  // x - q * pi/2 for any x: against three parts of pi/2 (Cody and Waite), or for great x against enough bits of
  // 2/pi (Payne and Hanek) in 2.62 fixed point.
  wReduce: `
float wReduce(float x, out int q) {
  if (abs(x) < 4096.0) {
    float n = floor(x * 0.636619772 + 0.5);
    q = int(n);
    return ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
  }
  uint table[6] = uint[6](0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u);
  uint bits = floatBitsToUint(x);
  uint m = ((bits & 0x7fffffu) << 8) | 0x80000000u;
  int e = int((bits >> 23) & 0xffu) - 126;
  int i = e >> 5;
  e &= 31;
  uint high = i > 0 ? table[i - 1] : 0u, mid = table[i], low = table[i + 1];
  if (e > 0) {
    high = (high << e) | (mid >> (32 - e));
    mid = (mid << e) | (low >> (32 - e));
    low = (low << e) | (table[i + 2] >> (32 - e));
  }
  uint carry = wMulHigh(m, low);
  uint pl = m * mid + carry;
  uint ph = wMulHigh(m, mid) + (pl < carry ? 1u : 0u) + m * high;
  q = int(ph >> 30);
  ph &= 0x3fffffffu;
  float sign = 1.0;
  if ((ph & 0x20000000u) != 0u) {
    q += 1;
    sign = -1.0;
    pl = ~pl + 1u;
    ph = (0x3fffffffu - ph) + (pl == 0u ? 1u : 0u);
  }
  float r = sign * 1.57079633 * (float(ph) * 9.31322574615478515625e-10 + float(pl) * 2.16840434497100886801e-19);
  if (x < 0.0) {
    q = -q;
    return -r;
  }
  return r;
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

  wFinite: `
bool wFinite(float x) { return (floatBitsToUint(x) & 0x7f800000u) != 0x7f800000u; }`,

  wSin: `
float wSin(float x) {
  if (!wFinite(x)) return wQuiet();
  int q;
  float r = wReduce(x, q);
  float s = (q & 1) == 0 ? wSinKernel(r) : wCosKernel(r);
  return (q & 2) == 0 ? s : -s;
}`,

  wCos: `
float wCos(float x) {
  if (!wFinite(x)) return wQuiet();
  int q;
  float r = wReduce(x, q);
  float c = (q & 1) == 0 ? wCosKernel(r) : wSinKernel(r);
  return ((q + 1) & 2) == 0 ? c : -c;
}`,

  wTan: `
float wTan(float x) {
  if (!wFinite(x)) return wQuiet();
  int q;
  float r = wReduce(x, q);
  float s = wSinKernel(r), c = wCosKernel(r);
  return (q & 1) == 0 ? s / c : -c / s;
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
