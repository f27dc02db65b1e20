import { type Kernel, type KernelTable, type Softmax, sizeOf, stridesOf } from '@wengert/core/functions';
import type { Device } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';
import { mapViews, type PointwiseMap } from '../views.ts';
import { gathered, MAX, reduce, SUM_EXP, type Triple } from './reductions.ts';

/** The softmax family, with the greatest element taken out of every exponential. */
export function softmaxKernels(device: Device): KernelTable {
  return {
    softmax: overAxis(device, { key: 'softmax', expression: 'wExp(x - y) / z' }),
    logSoftmax: overAxis(device, { key: 'logSoftmax', expression: '(x - y) - wLog(z)' }),
    logSumExp(inputs, { axes }, [out]) {
      const storages = gpuInputs(inputs);
      const [{ shape }] = inputs;
      if (storages === null || storages[0].size === 0) return null;
      const { storage, triple, owned } = gathered(device, storages[0], shape, axes);
      const { max, sum } = parts(device, storage, triple);
      const flat = [1];
      const views = [max, sum].map((part) => ({ storage: part, base: 0, strides: flat }));
      const map = { key: 'logSumExp', expression: 'abs(x) > 3.4028234e38 ? x : x + wLog(y)' };
      const result = mapViews(device, map, views, [sizeOf(out.shape)], max.bound);
      for (const part of [max, sum, ...(owned ? [storage] : [])]) device.pool.free(part);
      return [result];
    },
  };
}

/** The greatest elements along the middle axis, and the sums of the exponentials of what the others fall short of it. */
function parts(device: Device, storage: GpuStorage, triple: Triple): { max: GpuStorage; sum: GpuStorage } {
  const max = reduce(device, MAX, [storage], triple);
  return { max, sum: reduce(device, SUM_EXP, [storage, max], triple) };
}

function overAxis(device: Device, map: PointwiseMap): Kernel<Softmax> {
  return (inputs, { axis }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const [storage] = storages;
    if (storage.size === 0) return [device.pool.allocate(0)];
    const { shape } = out;
    const triple = { outer: sizeOf(shape.slice(0, axis)), length: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
    const { max, sum } = parts(device, storage, triple);
    const dims = [triple.outer, triple.length, triple.inner];
    const repeated = [triple.inner, 0, 1];
    const views = [
      { storage, base: 0, strides: stridesOf(dims) },
      { storage: max, base: 0, strides: repeated },
      { storage: sum, base: 0, strides: repeated },
    ];
    const result = mapViews(device, map, views, dims, storage.bound);
    device.pool.free(max);
    device.pool.free(sum);
    return [result];
  };
}
