import type { DType, TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import type { ConvAxis } from './convAxis.ts';
import type { FillLeft } from './gemm.ts';

const patchLoop = perDType(
  (
    x: TypedArray,
    offset: number,
    depth: ConvAxis,
    height: ConvAxis,
    width: ConvAxis,
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
      const ow = r % width.outputs.count;
      const rest = (r - ow) / width.outputs.count;
      const oh = rest % height.outputs.count;
      const image = (rest - oh) / height.outputs.count;
      const od = image % depth.outputs.count;
      const base = ((image - od) / depth.outputs.count) * depth.length;
      let skip = from - firstTap * channels;
      for (let tap = firstTap, left = count; left > 0; tap++) {
        const kw = tap % width.taps.count;
        const outer = (tap - kw) / width.taps.count;
        const kh = outer % height.taps.count;
        const pd = depth.positions[od * depth.taps.count + (outer - kh) / height.taps.count];
        const ph = height.positions[oh * height.taps.count + kh];
        const pw = width.positions[ow * width.taps.count + kw];
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

/**
 * The left operand of a convolution as a matrix product: a row for each output position, a column for each tap and
 * channel. It is never there as a whole, as the product asks for one block at a time.
 */
export function patches(
  dtype: DType,
  x: TypedArray,
  offset: number,
  axes: readonly ConvAxis[],
  channels: number,
): FillLeft {
  const [depth, height, width] = axes;
  const loop = patchLoop(dtype);
  return (to, row, rows, from, count) => loop(x, offset, depth, height, width, channels, to, row, rows, from, count);
}
