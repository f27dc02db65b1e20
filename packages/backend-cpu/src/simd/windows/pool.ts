import { type Kernel, type KernelTable, type Shape, type Spec, sizeOf } from '@wengert/core/functions';
import type { Pool } from '../../kernels/poolTable.ts';
import { addressOf, heapView, isFloat32, loopFor, makeOnHeap, onHeap, scratch } from '../access.ts';
import { sumOfBlocks } from '../reductions/blockSums.ts';
import { type Kind, poolLoop } from './poolLoop.ts';

const BYTES = 4;
/** Sums over more positions are sums of sums. */
const ROWS = 2 ** 12;

/** Neighbouring windows along an axis that see the same taps: outputs, the position and number of the first tap, and the taps. */
interface Run {
  readonly first: number;
  count: number;
  readonly start: number;
  readonly tap: number;
  readonly taps: number;
}

/** An axis of a pooling, and by how many bytes neighbours along it lie apart. */
interface Axis {
  readonly runs: readonly Run[];
  readonly window: number;
  readonly step: number;
  readonly gap: number;
  readonly apart: number;
  readonly outApart: number;
}

/** The windows of an axis in runs: those that see all taps, and some at the borders. */
function runsOf(outputs: number, length: number, window: number, stride: number, dilation: number, low: number): Run[] {
  const runs: Run[] = [];
  let last: Run | null = null;
  for (let output = 0, start = -low; output < outputs; output++, start += stride) {
    const tap = start < 0 ? Math.min(window, Math.ceil(-start / dilation)) : 0;
    const taps = Math.max(0, Math.min(window, Math.ceil((length - start) / dilation)) - tap);
    if (last !== null && last.tap === tap && last.taps === taps) last.count++;
    else {
      last = { first: output, count: 1, start: start + tap * dilation, tap, taps };
      runs.push(last);
    }
  }
  return runs;
}

/** Depth, height and width, of which those that are not there have one element; and how large images are, in bytes. */
function sceneOf(x: Shape, pooled: Shape, { window, strides, dilations, pads }: Pool) {
  const axes: Axis[] = [];
  let [apart, outApart] = [x[x.length - 1] * BYTES, x[x.length - 1] * BYTES];
  for (let i = window.length - 1; i >= window.length - 3; i--) {
    const there = i >= 0;
    const [length, outputs, stride, gap] = there ? [x[i + 1], pooled[i + 1], strides[i], dilations[i]] : [1, 1, 1, 1];
    const taps = there ? window[i] : 1;
    const runs = runsOf(outputs, length, taps, stride, gap, there ? (pads?.[i][0] ?? 0) : 0);
    axes.push({ runs, window: taps, step: stride * apart, gap: gap * apart, apart, outApart });
    apart *= length;
    outApart *= outputs;
  }
  const [width, height, depth] = axes;
  return { depth, height, width, image: apart, outImage: outApart };
}

/** Runs the loop over all windows over x: for each combination of runs along the axes once. */
function poolAll(kind: Kind, x: Shape, pooled: Shape, attrs: Pool, from: number, to: number, other = 0): void {
  const { depth, height, width, image, outImage } = sceneOf(x, pooled, attrs);
  const [images, channels, all] = [x[0], x[x.length - 1], sizeOf(attrs.window)];
  for (const d of depth.runs) {
    for (const h of height.runs) {
      for (const w of width.runs) {
        const count = d.taps * h.taps * w.taps;
        const taps = tapsOf([d, h, w], [depth, height, width], channels);
        const end = taps + count * BYTES;
        const otherwise = kind === 'mean' ? 1 / Math.max(count, 1) : count < all ? -Infinity : NaN;
        const unrolled = UNROLLED.includes(count) ? count : 0;
        const loop = loopFor(`${kind}${unrolled}`, () => poolLoop(kind, unrolled));
        for (let plane = 0; plane < d.count; plane++) {
          const at = from + d.start * depth.apart + plane * depth.step + h.start * height.apart + w.start * width.apart;
          const out = (d.first + plane) * depth.outApart + h.first * height.outApart + w.first * width.outApart;
          loop(
            to + out,
            kind === 'put' || kind === 'add' ? other + out : other,
            at,
            from,
            images,
            outImage,
            image,
            h.count,
            height.outApart,
            height.step,
            w.count,
            width.step,
            channels,
            taps,
            end,
            otherwise,
          );
        }
      }
    }
  }
}

/** Where the taps of a window lie behind its first one, in bytes, as a table in memory; behind it where their weights lie. */
function tapsOf([d, h, w]: readonly Run[], [depth, height, width]: readonly Axis[], channels: number): number {
  const count = d.taps * h.taps * w.taps;
  const table = scratch(2 * count * BYTES);
  const offsets = heapView('int32', table, 2 * count);
  let at = 0;
  for (let i = 0; i < d.taps; i++) {
    for (let j = 0; j < h.taps; j++) {
      for (let k = 0; k < w.taps; k++, at++) {
        offsets[at] = i * depth.gap + j * height.gap + k * width.gap;
        const position = ((d.tap + i) * height.window + h.tap + j) * width.window + w.tap + k;
        offsets[count + at] = position * channels * BYTES;
      }
    }
  }
  return table;
}

/** Windows of so many elements have a loop of their own. */
const UNROLLED = [4, 9];

/* @__NO_SIDE_EFFECTS__ */
function pooling(kind: Kind): Kernel<Pool> {
  return onHeap(([x], attrs, [out]) => {
    if (!isFloat32(x)) return null;
    const [result, to] = makeOnHeap(out);
    poolAll(kind, x.shape, out.shape, attrs, addressOf(x), to);
    return [result];
  });
}

/** The windows of a filter, if it has one feature for each channel. */
function windowsOf({ shape }: Spec, attrs: Omit<Pool, 'window'>, pooled: Spec): Pool | null {
  if (!isFloat32(pooled) || shape[3] !== 1) return null;
  return { ...attrs, window: shape.slice(0, 2) };
}

/** Largest elements, means and weighted sums of windows over float32, each channel by itself. */
export const pool: KernelTable = {
  maxPool: pooling('max'),
  maxPool3d: pooling('max'),
  maxPoolIndices: pooling('indices'),
  avgPool: pooling('mean'),
  avgPool3d: pooling('mean'),

  depthwiseConv2d: onHeap(([x, filter], attrs, [out]) => {
    const windows = windowsOf(filter, attrs, out);
    if (windows === null) return null;
    const [result, to] = makeOnHeap(out);
    poolAll('weighted', x.shape, out.shape, windows, addressOf(x), to, addressOf(filter));
    return [result];
  }),

  depthwiseInputGrad: onHeap(([g, filter], attrs, [out]) => {
    const windows = windowsOf(filter, attrs, g);
    if (windows === null) return null;
    const [result, to] = makeOnHeap(out);
    heapView('float32', to, result.length).fill(0);
    poolAll('toElements', out.shape, g.shape, windows, to, addressOf(g), addressOf(filter));
    return [result];
  }),

  depthwiseFilterGrad: onHeap(([x, g], attrs, [out]) => {
    const windows = windowsOf(out, attrs, g);
    if (windows === null) return null;
    const [result, to] = makeOnHeap(out);
    const most = Math.ceil(ROWS / sizeOf(g.shape.slice(1, 3)));
    const addresses = [x, g].map(addressOf);
    sumOfBlocks([to], result.length, x.shape[0], most, (first, count, [sums]) => {
      const shapes = [x, g].map(({ shape }) => [count, ...shape.slice(1)]);
      const [from, values] = shapes.map((shape, i) => addresses[i] + ((first * sizeOf(shape)) / count) * BYTES);
      poolAll('toWeights', shapes[0], shapes[1], windows, from, values, sums);
    });
    return [result];
  }),

  maxPoolScatter: onHeap(([g, indices], attrs, [out]) => {
    const channels = out.shape[out.shape.length - 1];
    if (!isFloat32(out) || channels % 4 !== 0) return null;
    const { window, strides, dilations } = attrs;
    const tiles = window.every((size, i) => size === strides[i] && (size === 1 || dilations[i] === 1));
    const covers = tiles && window.every((size, i) => g.shape[i + 1] * size === out.shape[i + 1]);
    const [result, to] = makeOnHeap(out);
    const [values, numbers] = [addressOf(g), addressOf(indices)];
    if (!covers) heapView('float32', to, result.length).fill(0);
    poolAll(tiles ? 'put' : 'add', out.shape, g.shape, attrs, to, values, numbers);
    return [result];
  }),
};
