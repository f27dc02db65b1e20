/**
 * GLSL for programs that look up their elements one by one: `body` returns the element with index `i`, which is below
 * the uniform `size`. Other functions may stand before it.
 */
export function eachElement(body: string, functions = ''): string {
  return `${functions}float element(int i) {
if (i >= size) return 0.0;
${body}
}
vec4 texel(int o) {
o *= 4;
return vec4(element(o), element(o + 1), element(o + 2), element(o + 3));
}`;
}
