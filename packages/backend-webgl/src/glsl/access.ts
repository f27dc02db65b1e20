import type { Functions } from './functions.ts';

/** Reading tensors: four elements at a texel's index, or one at an element's. The width is 2 ** shift. */
export const access: Functions = {
  wTexel: `
vec4 wTexel(sampler2D t, int shift, int i) {
  return texelFetch(t, ivec2(i & ((1 << shift) - 1), i >> shift), 0);
}`,

  wElement: `
float wElement(sampler2D t, int shift, int i) {
  int j = i >> 2;
  return texelFetch(t, ivec2(j & ((1 << shift) - 1), j >> shift), 0)[i & 3];
}`,
};
