import { type KernelTable, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { fill } from './movement.ts';

/** The greatest elements under windows of images [N, H, W, C]; a border is lower than any, and a NaN never wins. */
export function poolingKernels(device: Device): KernelTable {
  return {
    maxPool(inputs, { window, strides, pads, dilations }, [out]) {
      const storages = gpuInputs(inputs);
      if (storages === null || out.dtype === 'bool') return null;
      const [{ shape }] = inputs;
      const size = sizeOf(out.shape);
      const lowest = out.dtype === 'int32' ? -(2 ** 31) : -Infinity;
      if (storages[0].size === 0) return [fill(device, size, lowest, 2 ** 31)];
      const axes = [0, 1].flatMap((k) => {
        return [shape[k + 1], out.shape[k + 1], window[k], strides[k], pads[k][0], dilations[k]];
      });
      const source = () => maxPoolSource(out.dtype);
      return [device.launch(`maxPool ${out.dtype}`, source, storages, [size, shape[3], ...axes], size)];
    },
  };
}

function maxPoolSource(dtype: string): Source {
  const lowest = dtype === 'int32' ? '-2147483648.0' : '-wInfinity()';
  const glsl = eachElement(`int c = i % channels;
i /= channels;
int x = i % outX;
i /= outX;
int y = i % outY, image = i / outY;
float best = wQuiet();
for (int a = 0; a < windowY; a++) {
for (int b = 0; b < windowX; b++) {
int u = y * strideY - lowY + a * dilationY, v = x * strideX - lowX + b * dilationX;
bool inside = u >= 0 && u < inY && v >= 0 && v < inX;
float value = ${lowest};
if (inside) value = wElement(t0, s0, ((image * inY + u) * inX + v) * channels + c);
best = wNan(best) || value > best ? value : best;
}
}
return best;`);
  const names = ['in', 'out', 'window', 'stride', 'low', 'dilation'];
  const ints = ['Y', 'X'].flatMap((axis) => names.map((name) => `${name}${axis}`));
  return { inputs: 1, ints: ['size', 'channels', ...ints], glsl };
}
