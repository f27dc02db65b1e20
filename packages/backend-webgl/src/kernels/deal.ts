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
int line = o / width, column = o - line * width;
int i = line / m, r = line - i * m;
int j = (i * lines + (r >> 2)) * width + column;
r &= 3;
if (r < 2) return r == 0 ? wTexel(t0, s0, j) : wTexel(t1, s0, j);
return r == 2 ? wTexel(t2, s0, j) : wTexel(t3, s0, j);
}`;
  return { inputs: 4, ints: ['m', 'lines', 'width'], glsl };
}
