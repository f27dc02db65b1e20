import { type KernelTable, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { fill } from './movement.ts';

/** Running sums, in as many passes as the length has bits: each adds what the passes before gathered further away. */
export function scanKernels(device: Device): KernelTable {
  return {
    cumsum(inputs, { axis, exclusive, reverse }, [out]) {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const { shape, dtype } = out;
      const length = shape[axis];
      const size = sizeOf(shape);
      const bound = storages[0].bound * length;
      if (dtype === 'int32' && bound > EXACT) return null;
      if (length <= 1 && exclusive) return [fill(device, size, 0, 1)];
      const inner = sizeOf(shape.slice(axis + 1));
      const pass = (from: GpuStorage, distance: number, own: 0 | 1): GpuStorage => {
        const ints = [size, length, inner, reverse ? -distance : distance, own];
        return device.launch('cumsum', scanSource, [from], ints, size, bound);
      };
      // An exclusive sum is the inclusive one of the neighbours.
      let sums = pass(storages[0], 1, exclusive ? 0 : 1);
      for (let distance = exclusive ? 1 : 2; distance < length; distance *= 2) {
        const next = pass(sums, distance, 1);
        device.pool.free(sums);
        sums = next;
      }
      return [sums];
    },
  };
}

function scanSource(): Source {
  const glsl = eachElement(`int row = i, within = wTake(row, inner), c = wTake(row, len) - distance;
float sum = own == 1 ? wElement(t0, s0, i) : 0.0;
if (c >= 0 && c < len) sum += wElement(t0, s0, i - distance * inner);
return sum;`);
  return { inputs: 1, ints: ['size', 'len', 'inner', 'distance', 'own'], glsl };
}
