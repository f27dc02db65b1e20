import { type Block, type Output, sizeOf, type TypedArray } from '@wengert/core';
import type { KernelTable } from '../kernelTable.ts';
import { perDType } from '../own.ts';
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
 * A block of the left operand of the convolution as a matrix product, which has a row for each output position and a
 * column for each tap and channel. It is never there as a whole: the product asks for one block at a time.
 */
const patchLoop = perDType(
  (
    x: TypedArray,
    offset: number,
    depth: Axis,
    height: Axis,
    width: Axis,
    channels: number,
    to: TypedArray,
    row: number,
    rows: number,
    from: number,
    count: number,
  ): void => {
    const firstTap = Math.floor(from / channels);
    let at = 0;
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
        const start = offset + (((base + pd) * height.length + ph) * width.length + pw) * channels + skip;
        if (pd < 0 || ph < 0 || pw < 0) for (let c = 0; c < run; c++) to[at + c] = 0;
        else if (run >= 64) to.set(x.subarray(start, start + run), at);
        else for (let c = 0; c < run; c++) to[at + c] = x[start + c];
        at += run;
        left -= run;
        skip = 0;
      }
    }
  },
);

/** One row of outputs along the last spatial axis, for so few channels that a matrix product would be mostly packing. */
const rowLoop = perDType(
  (
    x: TypedArray,
    offset: number,
    filter: TypedArray,
    filterOffset: number,
    line: TypedArray,
    depth: Axis,
    od: number,
    height: Axis,
    oh: number,
    width: Axis,
    channels: number,
    outputs: number,
    wraps: boolean,
  ): void => {
    const { positions, taps } = width;
    let weightAt = filterOffset;
    for (let kd = 0; kd < depth.taps; kd++) {
      const pd = depth.positions[od * depth.taps + kd];
      for (let kh = 0; kh < height.taps; kh++) {
        const ph = height.positions[oh * height.taps + kh];
        if (pd < 0 || ph < 0) {
          weightAt += taps * channels * outputs;
          continue;
        }
        const start = offset + (pd * height.length + ph) * width.length * channels;
        for (let kw = 0; kw < taps; kw++) {
          for (let c = 0; c < channels; c++) {
            for (let o = 0; o < outputs; o++, weightAt++) {
              const weight = filter[weightAt];
              for (let at = kw, to = o; to < line.length; at += taps, to += outputs) {
                const pw = positions[at];
                if (pw < 0) continue;
                const value = x[start + pw * channels + c];
                line[to] += wraps ? Math.imul(value, weight) : value * weight;
              }
            }
          }
        }
      }
    }
  },
);

/** Below so many products of channels and outputs rows are computed directly. */
const FEW = 8;

/** x [G, N, ...S, C] with filter [G, ...K, C, O] to [G, N, ...S', O], each as the matrix product of patches and filter. */
function convolve(x: Block, filter: Block, out: Output, attrs: Attributes): CpuStorage {
  const result = make(out);
  const [groups, images] = x.shape;
  const spatial = x.shape.slice(2, -1);
  const channels = x.shape[x.shape.length - 1];
  const outputs = out.shape[out.shape.length - 1];
  const axes = spatial.map((length, i) => axisOf(out.shape[i + 2], filter.shape[i + 1], length, attrs, i));
  while (axes.length < 3) axes.unshift(NONE);
  const [depth, height, width] = axes;
  const size = sizeOf(spatial) * channels;
  const columns = sizeOf(filter.shape.slice(1, -1));
  const [data, weights] = [view(x), view(filter)];

  if (channels * outputs <= FEW) {
    const line =
      out.dtype === 'int32' ? new Int32Array(width.outputs * outputs) : new Float64Array(width.outputs * outputs);
    const loop = rowLoop(out.dtype);
    let at = 0;
    for (let image = 0; image < groups * images; image++) {
      const filterAt = Math.floor(image / images) * columns * outputs;
      for (let od = 0; od < depth.outputs; od++) {
        for (let oh = 0; oh < height.outputs; oh++, at += line.length) {
          line.fill(0);
          loop(
            data,
            image * size,
            weights,
            filterAt,
            line,
            depth,
            od,
            height,
            oh,
            width,
            channels,
            outputs,
            out.dtype === 'int32',
          );
          result.data.set(line, at);
        }
      }
    }
    return result;
  }

  const positions = images * sizeOf(out.shape.slice(2, -1));
  const gemm = new Gemm(out.dtype);
  const fill = patchLoop(out.dtype);
  for (let g = 0; g < groups; g++) {
    const left: FillLeft = (to, row, rows, k, count) =>
      fill(data, g * images * size, depth, height, width, channels, to, row, rows, k, count);
    const right = { data: weights, offset: g * columns * outputs, row: outputs, column: 1 };
    gemm.multiply(positions, outputs, columns, left, right, result.data, g * positions * outputs);
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
