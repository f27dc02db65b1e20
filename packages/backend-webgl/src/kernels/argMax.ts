import { type ArgMax, type Kernel, type KernelTable, sizeOf } from '@wengert/core/functions';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { fill } from './movement.ts';
import { CHUNK, REDUCE_INTS, type Triple } from './reductions.ts';

/** Where the greatest elements stand. */
export function argMaxKernels(device: Device): KernelTable {
  return { argMax: argMax(device) };
}

function argMax(device: Device): Kernel<ArgMax> {
  return (inputs, { axis }, [out]) => {
    const storages = gpuInputs(inputs);
    const [{ shape }] = inputs;
    const length = shape[axis];
    if (storages === null || length > EXACT) return null;
    const size = sizeOf(out.shape);
    if (length === 0) return [fill(device, size, 0, 1)];
    if (size === 0) return [device.pool.allocate(0, length)];
    return [
      largestPlaces(
        device,
        storages,
        { outer: size / sizeOf(shape.slice(axis + 1)), length, inner: sizeOf(shape.slice(axis + 1)) },
        length,
      ),
    ];
  };
}

/** Where along the middle axis the greatest elements stand. A second input says where they stood before. */
function largestPlaces(
  device: Device,
  inputs: readonly GpuStorage[],
  { outer, length, inner }: Triple,
  bound: number,
): GpuStorage {
  const chunk = length > CHUNK && outer * inner < 2 ** 16 ? CHUNK : length;
  const parts = Math.ceil(length / chunk);
  const size = outer * parts * inner;
  const paired = inputs.length === 2;
  const ints = [size, length, chunk, parts, inner];
  const source = () => placesSource(paired);
  const [best, places] = device.launchAll(`argMax ${paired}`, source, inputs, ints, size, bound, 2);
  if (parts === 1) {
    device.pool.free(best);
    return places;
  }
  const result = largestPlaces(device, [best, places], { outer, length: parts, inner }, bound);
  for (const part of [best, places]) device.pool.free(part);
  return result;
}

/** The greatest elements of the parts of the middle axis, and where they stand. A NaN never is the greatest. */
function placesSource(paired: boolean): Source {
  const glsl = `void element(int i, out float best, out float at) {
best = wQuiet();
at = 0.0;
if (i >= size) return;
int outer = i, c = wTake(outer, inner), part = wTake(outer, parts);
int begin = part * chunk, end = min(begin + chunk, len);
int first = -1;
for (int k = begin; k < end; k++) {
int j = (outer * len + k) * inner + c;
float v = wElement(t0, s0, j);
if (first < 0 || (wNan(best) ? !wNan(v) : v > best)) {
best = v;
first = k;
}
}
at = ${paired ? 'wElement(t1, s1, (outer * len + first) * inner + c)' : 'float(first)'};
}
vec4 texel(int o) {
vec4 best, at;
${['x', 'y', 'z', 'w'].map((lane, l) => `element(4 * o + ${l}, best.${lane}, at.${lane});\n`).join('')}more1 = at;
return best;
}`;
  return { inputs: paired ? 2 : 1, ints: REDUCE_INTS, outputs: 2, glsl };
}
