import { allocate, type Block, type KernelTable, type Output, sizeOf, stridesOf } from '@wengert/core';
import { type CpuStorage, make, reshaped, view } from '../storage.ts';
import { axisParts, type ConvAxis, NO_AXIS, type Windows } from './convAxis.ts';
import { convolveRows } from './convRows.ts';
import { copy } from './copy.ts';
import { Gemm } from './gemm.ts';
import { patches } from './patches.ts';

/** Below so many products of channels and outputs a matrix product would be mostly packing. */
const FEW = 8;

/** x [G, N, ...S, C] with filter [G, ...K, C, O] to [G, N, ...S', O]. */
function convolve(x: Block, filter: Block, out: Output, windows: Windows): CpuStorage {
  const result = make(out);
  if (result.data.length === 0) return result;
  const gemm = new Gemm(out.dtype);
  const parts = threeOf(
    [NO_AXIS],
    x.shape.slice(2, -1).map((length, i) => axisParts(out.shape[i + 2], filter.shape[i + 1], length, windows, i)),
  );
  for (const depth of parts[0]) {
    for (const height of parts[1]) {
      for (const width of parts[2]) convolvePart(x, filter, out, result, [depth, height, width], gemm);
    }
  }
  return result;
}

/** Adds axes in front until there are three. */
function threeOf<T>(none: T, axes: readonly T[]): T[] {
  return [...new Array<T>(3 - axes.length).fill(none), ...axes];
}

/** The outputs of one part of each axis, for all groups and images. */
function convolvePart(
  x: Block,
  filter: Block,
  out: Output,
  result: CpuStorage,
  axes: readonly ConvAxis[],
  gemm: Gemm,
): void {
  const { dtype } = out;
  const [groups, images] = x.shape;
  const [channels, outputs] = filter.shape.slice(-2);
  const [data, weights] = [view(x), view(filter)];
  const outShape = [groups, images, ...threeOf(1, out.shape.slice(2, -1)), outputs];
  const filterShape = [...threeOf(1, filter.shape.slice(1, -2)), channels * outputs];
  const counts = axes.map((axis) => axis.outputs.count);
  const taps = axes.map((axis) => axis.taps.count);
  const positions = images * sizeOf(counts);
  const columns = sizeOf(taps) * channels;
  const whole = axes.every(({ outputs }) => outputs.step === 1);
  const all = axes.every(({ taps }) => taps.step === 1);
  const product = whole ? result.data : allocate(dtype, positions * outputs);
  const part = all ? weights : allocate(dtype, columns * outputs);
  const filterSteps = stridesOf(filterShape);
  const outSteps = stridesOf(outShape);
  for (let g = 0; g < groups; g++) {
    const filterAt = (g * weights.length) / groups;
    if (!all) {
      const shape = [...taps, channels * outputs];
      const offset = axes.reduce((sum, axis, i) => sum + axis.taps.first * filterSteps[i], filterAt);
      const strides = filterSteps.map((step, i) => (i < 3 ? step * axes[i].taps.step : step));
      copy(dtype, shape, { data: part, offset: 0, strides: stridesOf(shape) }, { data: weights, offset, strides });
    }
    const from = (g * data.length) / groups;
    const partFrom = all ? filterAt : 0;
    const to = whole ? g * positions * outputs : 0;
    if (channels * outputs <= FEW) {
      for (let i = 0; i < images; i++) {
        const image = from + (i * data.length) / (groups * images);
        const result = to + (i * positions * outputs) / images;
        convolveRows(dtype, data, image, part, partFrom, axes, channels, outputs, product, result);
      }
    } else {
      const left = patches(dtype, data, from, axes, channels);
      const right = { data: part, offset: partFrom, row: outputs, column: 1 };
      gemm.multiply(positions, outputs, columns, left, right, product, to);
    }
    if (!whole) {
      const shape = [images, ...counts, outputs];
      const offset = axes.reduce((sum, axis, i) => sum + axis.outputs.first * outSteps[i + 2], g * outSteps[0]);
      const strides = outSteps.slice(1).map((step, i) => (i > 0 && i < 4 ? step * axes[i - 1].outputs.step : step));
      copy(
        dtype,
        shape,
        { data: result.data, offset, strides },
        { data: product, offset: 0, strides: stridesOf(shape) },
      );
    }
  }
}

/** Cross-correlations. */
export const conv: KernelTable = {
  conv: ([x, filter], windows, [out]) => (out.dtype === 'bool' ? null : [convolve(x, filter, out, windows)]),

  conv2d([x, filter], windows, [out]) {
    if (out.dtype === 'bool') return null;
    const [image, taps] = [x, filter].map((block) => reshaped(block, [1, ...block.shape]));
    return [convolve(image, taps, { ...out, shape: [1, ...out.shape] }, { ...windows, inputDilations: [1, 1] })];
  },
};
