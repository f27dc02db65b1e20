import type { TensorLike } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { convertValues } from '../dtype.ts';
import { composite } from '../op/composite.ts';
import { floatOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sizeOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import type { Pair, Placement2d, Placement3d, Triple } from '../window.ts';
import { add, mul } from './pointwise.ts';
import {
  bordered,
  cropped,
  type Pool,
  type PoolOp,
  pool2dCalls,
  pool2dCases,
  pool3dCalls,
  pool3dCases,
  pooled,
  pooledShape,
  refusedByPool2d,
  refusedByPool3d,
  unfolding,
} from './pooling.ts';
import { reshaped } from './reshape.ts';
import { padOp, span } from './slice.ts';
import { broadcasted, sumOp } from './sum.ts';
import { unfoldOp } from './unfold.ts';

/* @__NO_SIDE_EFFECTS__ */
function meanOfWindows(name: string): PoolOp {
  return composite<readonly [x: Tensor], Pool, Tensor>(name, {
    saves: [],
    infer: ([x], attrs) => ({ shape: pooledShape(x, attrs), dtype: x.dtype }),
    compose([x], attrs) {
      const windows = unfoldOp([bordered(x, attrs.pads, 0)], unfolding(attrs));
      const axes = attrs.window.map((_, i) => x.rank + i);
      return mul(sumOp([windows], { axes }), weights(windows, x.shape, attrs));
    },
    vjp(g, [x], _y, attrs) {
      const size = attrs.pads.map(([low, high], i) => x.shape[i + 1] + low + high);
      const shared = mul(g, weights(g, x.shape, attrs));
      const apart = attrs.window.every((taps, i) => taps === attrs.strides[i] && attrs.dilations[i] === 1);
      return cropped(apart ? repeated(shared, attrs.window, size) : spread(shared, attrs, size), attrs.pads, x.shape);
    },
  });
}

/** Each element in all places of its window, added up: along one axis after the other. */
function spread(g: Tensor, { window, strides, dilations }: Pool, size: readonly number[]): Tensor {
  return window.reduce((sum, taps, i) => {
    const reach = span(sum.shape[i + 1], strides[i]);
    const along = (n: number): number[] => sum.shape.map((_, axis) => (axis === i + 1 ? n : 0));
    const moved = Array.from({ length: reach === 0 ? 1 : taps }, (_, tap) => {
      const low = tap * dilations[i];
      return padOp([sum], {
        low: along(low),
        high: along(size[i] - low - reach),
        interior: along(strides[i] - 1),
      });
    });
    return moved.reduce((all, one) => add(all, one));
  }, g);
}

/** As `spread`, of windows that lie side by side: nothing meets. */
function repeated(g: Tensor, window: readonly number[], size: readonly number[]): Tensor {
  const [batch, ...rest] = g.shape;
  const channels = rest.pop() ?? 1;
  const tiled = (taps: (n: number) => number): number[] => rest.flatMap((n, i) => [n, taps(window[i])]);
  const tiles = broadcasted(reshaped(g, [batch, ...tiled(() => 1), channels]), [
    batch,
    ...tiled((taps) => taps),
    channels,
  ]);
  const covered = rest.map((n, i) => n * window[i]);
  const left = covered.map((n, i) => [0, size[i] - n] as const);
  return bordered(reshaped(tiles, [batch, ...covered, channels]), left, 0);
}

/** One over how many elements of each window lie inside the image; a window of none gives 0. */
function weights(like: Tensor, shape: readonly number[], attrs: Pool): Tensor | number {
  const { window, strides, pads, dilations } = attrs;
  if (pads.flat().every((n) => n === 0)) return 1 / sizeOf(window);
  const counts = window.map((taps, i) =>
    Array.from({ length: like.shape[i + 1] }, (_, at) => {
      const places = Array.from({ length: taps }, (_, tap) => at * strides[i] - pads[i][0] + tap * dilations[i]);
      return places.filter((place) => place >= 0 && place < shape[i + 1]).length;
    }),
  );
  const values = counts
    .reduce((all, line) => all.flatMap((m) => line.map((n) => m * n)))
    .map((n) => 1 / Math.max(n, 1));
  const grid = [...counts.map((line) => line.length), 1];
  return hostTensor('avgPool', like.backend, convertValues(values, like.dtype), grid, like.dtype);
}

export const avgPoolOp: PoolOp = meanOfWindows('avgPool');

export const avgPool3dOp: PoolOp = meanOfWindows('avgPool3d');

/**
 * The mean over each window of one image or a batch of them (`dataFormat` 'NHWC': batch, height, width, channels; or
 * 'NCHW'), of the elements that lie inside the image.
 * @example
 * avgPool([[[1], [2]], [[3], [4]]], 2, 2, 'valid').print(); // [[[2.5]]]
 */
export function avgPool(x: TensorLike, filterSize: number | Pair, ...placement: Placement2d): SameRank {
  return pooled(avgPoolOp, 2, floatOperand('avgPool', x), filterSize, ...placement);
}

/**
 * The mean over each window of one volume or a batch of them (`dataFormat` 'NDHWC': batch, depth, height, width,
 * channels; or 'NCDHW'), of the elements that lie inside the volume.
 * @example
 * avgPool3d([[[[1], [2]], [[3], [4]]]], [1, 2, 2], 2, 'valid').print(); // [[[[2.5]]]]
 */
export function avgPool3d(
  x: TensorLike,
  filterSize: number | Triple | undefined = [1, 1, 1],
  ...placement: Placement3d
): SameRank {
  return pooled(avgPool3dOp, 3, floatOperand('avgPool3d', x), filterSize, ...placement);
}

export const avgPoolSamples: Samples<typeof avgPool> = pool2dCases;

export const avgPoolSpace: Space<typeof avgPool> = pool2dCalls;
export const avgPoolBadSamples: BadSamples<typeof avgPool> = refusedByPool2d('avgPool');
export const avgPool3dSamples: Samples<typeof avgPool3d> = pool3dCases;

export const avgPool3dSpace: Space<typeof avgPool3d> = pool3dCalls;
export const avgPool3dBadSamples: BadSamples<typeof avgPool3d> = refusedByPool3d('avgPool3d');
