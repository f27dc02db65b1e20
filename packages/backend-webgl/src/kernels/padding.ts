import { type KernelTable, type Pad, type Shape, sizeOf, stridesOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';
import { copyView, fill } from './movement.ts';

/** Zeros around and between the elements. */
export function paddingKernels(device: Device): KernelTable {
  return {
    pad(inputs, attrs, [out]) {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const [storage] = storages;
      if (storage.size === 0) return [fill(device, sizeOf(out.shape), 0, 1)];
      const [{ shape }] = inputs;
      if (shape.length === 0) return [copyView(device, storage, 0, [], out.shape)];
      return [padView(device, storage, shape, stridesOf(shape), attrs, out.shape)];
    },
  };
}

/** Copies a view of a storage, with zeros around and between the elements. */
export function padView(
  device: Device,
  storage: GpuStorage,
  shape: Shape,
  strides: readonly number[],
  { low, interior }: Pick<Pad, 'low' | 'interior'>,
  out: Shape,
): GpuStorage {
  const size = sizeOf(out);
  const rank = shape.length;
  const ints = shape.flatMap((n, axis) => [out[axis], n, strides[axis], low[axis], interior[axis] + 1]);
  return device.launch(`pad ${rank}`, () => padSource(rank), [storage], [size, ...ints], size, storage.bound);
}

function padSource(rank: number): Source {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const steps = [...axes].reverse().map(
    (k) => `c = wTake(i, d${k}) - l${k};
if (c < 0) return 0.0;
if (wTake(c, e${k}) != 0 || c >= n${k}) return 0.0;
j += c * p${k};
`,
  );
  const element = `int c, j = 0;\n${steps.join('')}return wElement(t0, s0, j);`;
  const ints = axes.flatMap((k) => [`d${k}`, `n${k}`, `p${k}`, `l${k}`, `e${k}`]);
  return { inputs: 1, ints: ['size', ...ints], glsl: eachElement(element) };
}
