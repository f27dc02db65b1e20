import type { Functions } from './functions.ts';

/** The number of elements up to which places in an output are found by division of floats, rounded as drivers may. */
export const NEAR: number = 2 ** 20;

/**
 * Reading tensors: four elements at a texel's index, or one at an element's. `s` is the reciprocals of the width, a power
 * of 2, and of the height, then the masks of a texel's and an element's place in its row. Software renderers shift
 * element by element and sample faster than they fetch; the arithmetic on floats is exact but for the last reciprocal.
 */
export const access: Functions = {
  // Takes the last digit off a place in the output, below `NEAR`, among n: leaves i / n, and gives i % n. Integers would
  // be divided one by one in software, and the half keeps what is rounded here on its side of every whole number.
  wTake: `
int wTake(inout int i, int n) {
  int q = int((float(i) + 0.5) / float(n)), r = i - q * n;
  i = q;
  return r;
}`,

  wTakeFar: `
int wTakeFar(inout int i, int n) {
  int r = i % n;
  i /= n;
  return r;
}`,

  wTexelAt: `
vec2 wTexelAt(vec4 s, int i) {
  int x = i & int(s.z);
  return vec2(float(x) + 0.5, float(i - x) * s.x + 0.5) * s.xy;
}`,

  wTexel: `
vec4 wTexel(sampler2D t, vec4 s, int i) { return texture(t, wTexelAt(s, i)); }`,

  wElement: `
float wElement(sampler2D t, vec4 s, int i) {
  int lane = i & 3, j = i - lane;
  int x = j & int(s.w);
  return texture(t, (vec2(float(x), float(j - x) * s.x) * 0.25 + 0.5) * s.xy)[lane];
}`,
};
