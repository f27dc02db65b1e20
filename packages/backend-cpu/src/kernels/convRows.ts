import type { DType, TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import type { ConvAxis } from './convAxis.ts';

/** `sum + x * y` in the arithmetic of a dtype. */
type MultiplyAdd = (sum: number, x: number, y: number) => number;

const inDouble: MultiplyAdd = (sum, x, y) => sum + x * y;
const wrapping: MultiplyAdd = (sum, x, y) => sum + Math.imul(x, y);

/** One row of outputs along the last spatial axis. */
const rowLoop = perDType(
  (
    x: TypedArray,
    offset: number,
    filter: TypedArray,
    filterOffset: number,
    line: TypedArray,
    depth: ConvAxis,
    od: number,
    height: ConvAxis,
    oh: number,
    width: ConvAxis,
    channels: number,
    outputs: number,
    f: MultiplyAdd,
  ): void => {
    const { positions, ranges, advance } = width;
    const taps = width.taps.count;
    const step = advance * channels;
    let weightAt = filterOffset;
    for (let kd = 0; kd < depth.taps.count; kd++) {
      const pd = depth.positions[od * depth.taps.count + kd];
      for (let kh = 0; kh < height.taps.count; kh++) {
        const ph = height.positions[oh * height.taps.count + kh];
        if (pd < 0 || ph < 0) {
          weightAt += taps * channels * outputs;
          continue;
        }
        const start = offset + (pd * height.length + ph) * width.length * channels;
        for (let kw = 0; kw < taps; kw++) {
          const first = ranges[2 * kw];
          const end = ranges[2 * kw + 1] * outputs;
          const from = start + positions[first * taps + kw] * channels;
          for (let c = 0; c < channels; c++, weightAt += outputs) {
            for (let at = from + c, to = first * outputs; to < end; at += step, to += outputs) {
              const value = x[at];
              for (let o = 0; o < outputs; o++) line[to + o] = f(line[to + o], value, filter[weightAt + o]);
            }
          }
        }
      }
    }
  },
);

/** Convolves one image [...S, C] with a filter [...K, C, O], row after row of the output, from `to` on in `out`. */
export function convolveRows(
  dtype: DType,
  x: TypedArray,
  offset: number,
  filter: TypedArray,
  filterOffset: number,
  [depth, height, width]: readonly ConvAxis[],
  channels: number,
  outputs: number,
  out: TypedArray,
  to: number,
): void {
  const loop = rowLoop(dtype);
  const size = width.outputs.count * outputs;
  // int32 sums wrap where they are stored.
  const [line, f] = dtype === 'int32' ? [new Int32Array(size), wrapping] : [new Float64Array(size), inDouble];
  for (let od = 0; od < depth.outputs.count; od++) {
    for (let oh = 0; oh < height.outputs.count; oh++, to += size) {
      line.fill(0);
      loop(x, offset, filter, filterOffset, line, depth, od, height, oh, width, channels, outputs, f);
      out.set(line, to);
    }
  }
}
