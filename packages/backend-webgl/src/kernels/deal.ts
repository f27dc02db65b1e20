import type { Device, Source } from '../program.ts';
import type { GpuStorage } from '../texture.ts';

/** Rows that a launch computes at once, each into a texture of its own. */
export const ROWS = 4;

/** Matrices of `m` rows of `width` texels, of which row i lies in the texture i % 4; frees these. */
export function deal(
  device: Device,
  quarters: readonly GpuStorage[],
  m: number,
  width: number,
  size: number,
): GpuStorage {
  const ints = [m, Math.ceil(m / ROWS), width];
  const whole = device.launch('deal', dealSource, quarters, ints, size, quarters[0].bound);
  for (const quarter of quarters) device.pool.free(quarter);
  return whole;
}

function dealSource(): Source {
  const glsl = `vec4 texel(int o) {
int i = o, column = wTake(i, width), r = wTake(i, m);
vec2 p = wTexelAt(s0, (i * lines + (r >> 2)) * width + column);
r &= 3;
vec4 v = texture(t0, p);
if (r == 1) v = texture(t1, p);
if (r == 2) v = texture(t2, p);
if (r == 3) v = texture(t3, p);
return v;
}`;
  return { inputs: 4, ints: ['m', 'lines', 'width'], glsl };
}
