import type { Functions } from './functions.ts';

/**
 * Reading tensors: four elements at a texel's index, or one at an element's. `s` is the reciprocals of the width, a power
 * of 2, and of the height, then the masks of a texel's and an element's place in its row. Software renderers shift
 * element by element and sample faster than they fetch; the arithmetic on floats is exact but for the last reciprocal.
 */
export const access: Functions = {
  wTexel: `
vec4 wTexel(sampler2D t, vec4 s, int i) {
  int x = i & int(s.z);
  return texture(t, vec2(float(x) + 0.5, float(i - x) * s.x + 0.5) * s.xy);
}`,

  wElement: `
float wElement(sampler2D t, vec4 s, int i) {
  int lane = i & 3, j = i - lane;
  int x = j & int(s.w);
  return texture(t, (vec2(float(x), float(j - x) * s.x) * 0.25 + 0.5) * s.xy)[lane];
}`,
};
