import { type Block, type Output, sizeOf, type TypedArray } from '@wengert/core';
import type { KernelTable } from '../kernelTable.ts';
import { type CpuStorage, make, reshaped, view } from '../storage.ts';
import { type FillLeft, Gemm } from './gemm.ts';

interface Attributes {
  readonly strides: readonly number[];
  readonly pads: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly inputDilations: readonly number[];
}

/** What one spatial axis of the filter sees: for each output and each tap the position in x, or -1 for a zero. */
interface Axis {
  readonly outputs: number;
  readonly taps: number;
  readonly length: number;
  readonly positions: Int32Array;
}

function axisOf(outputs: number, taps: number, length: number, attrs: Attributes, axis: number): Axis {
  const positions = new Int32Array(outputs * taps);
  const every = attrs.inputDilations[axis];
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < taps; k++) {
      const at = o * attrs.strides[axis] + k * attrs.dilations[axis] - attrs.pads[axis][0];
      const inside = at >= 0 && at <= (length - 1) * every && at % every === 0;
      positions[o * taps + k] = inside ? at / every : -1;
    }
  }
  return { outputs, taps, length, positions };
}

/** An axis that is not there. */
const NONE: Axis = { outputs: 1, taps: 1, length: 1, positions: new Int32Array(1) };

/**
 * The left operand of the convolution as a matrix product: a row for each output position, a column for each tap and
 * channel. It is never there as a whole; the product asks for one block at a time.
 */
function patches(x: TypedArray, offset: number, axes: readonly Axis[], channels: number): FillLeft {
  const [depth, height, width] = axes;
  return (to, row, rows, from, count) => {
    let at = 0;
    const firstTap = Math.floor(from / channels);
    for (let r = row; r < row + rows; r++) {
      const ow = r % width.outputs;
      const rest = (r - ow) / width.outputs;
      const oh = rest % height.outputs;
      const image = (rest - oh) / height.outputs;
      const od = image % depth.outputs;
      const base = ((image - od) / depth.outputs) * depth.length;
      let skip = from - firstTap * channels;
      for (let tap = firstTap, left = count; left > 0; tap++) {
        const kw = tap % width.taps;
        const outer = (tap - kw) / width.taps;
        const kh = outer % height.taps;
        const pd = depth.positions[od * depth.taps + (outer - kh) / height.taps];
        const ph = height.positions[oh * height.taps + kh];
        const pw = width.positions[ow * width.taps + kw];
        const run = Math.min(channels - skip, left);
        if (pd < 0 || ph < 0 || pw < 0) to.fill(0, at, at + run);
        else {
          const start = offset + (((base + pd) * height.length + ph) * width.length + pw) * channels + skip;
          if (run >= 32) to.set(x.subarray(start, start + run), at);
          else for (let c = 0; c < run; c++) to[at + c] = x[start + c];
        }
        at += run;
        left -= run;
        skip = 0;
      }
    }
  };
}

/** x [G, N, ...S, C] with filter [G, ...K, C, O] to [G, N, ...S', O], each as the matrix product of patches and filter. */
function convolve(x: Block, filter: Block, out: Output, attrs: Attributes): CpuStorage {
  const result = make(out);
  if (result.data.length === 0) return result;
  const [groups, images] = x.shape;
  const spatial = x.shape.slice(2, -1);
  const channels = x.shape[x.shape.length - 1];
  const outputs = out.shape[out.shape.length - 1];
  const axes = spatial.map((length, i) => axisOf(out.shape[i + 2], filter.shape[i + 1], length, attrs, i));
  while (axes.length < 3) axes.unshift(NONE);
  const taps = sizeOf(filter.shape.slice(1, -2));
  const positions = images * sizeOf(out.shape.slice(2, -1));
  const gemm = new Gemm(out.dtype);
  for (let g = 0; g < groups; g++) {
    const left = patches(view(x), g * images * sizeOf(spatial) * channels, axes, channels);
    const right = { data: view(filter), offset: g * taps * channels * outputs, row: outputs, column: 1 };
    gemm.multiply(positions, outputs, taps * channels, left, right, result.data, g * positions * outputs);
  }
  return result;
}

/** Cross-correlations. */
export const conv: Partial<KernelTable> = {
  conv: ([x, filter], attrs, [out]) => (out.dtype === 'bool' ? null : [convolve(x, filter, out, attrs)]),

  conv2d([x, filter], attrs, [out]) {
    if (out.dtype === 'bool') return null;
    const [image, taps] = [x, filter].map((block) => reshaped(block, [1, ...block.shape]));
    return [convolve(image, taps, { ...out, shape: [1, ...out.shape] }, { ...attrs, inputDilations: [1, 1] })];
  },
};
