import { type TensorLike, toTensor } from '../convert.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import type { Padding, Pair, Placement2d, Placement3d, Triple } from '../window.ts';
import { inPair, scene } from '../windowSpaces.ts';
import { stopGradientOp } from './alias.ts';
import { argMaxOp } from './extrema.ts';
import { gatherOp, scatterAddOp, steps } from './gather.ts';
import { add } from './pointwise.ts';
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
  poolingOf,
  refusedByPool2d,
  refusedByPool3d,
  unfolding,
} from './pooling.ts';
import { reshaped } from './reshape.ts';
import { broadcasted, countable } from './sum.ts';
import { unfoldOp } from './unfold.ts';

/** Attributes of `maxPoolIndices`, whose images have their border. */
export type Bordered = Omit<Pool, 'pads'>;

/**
 * Where in the images, flattened, the largest element of each window stands: the first of equals, a NaN only where
 * there is nothing else.
 */
export const maxPoolIndicesOp: OpFunction<readonly [x: Tensor], Bordered, Tensor> = composite('maxPoolIndices', {
  saves: [],
  infer: ([x], attrs) => ({
    shape: pooledShape(x, { ...attrs, pads: attrs.window.map(() => [0, 0]) }),
    dtype: 'int32',
  }),
  compose([x], attrs) {
    const windows = unfoldOp([x], unfolding(attrs));
    const grid = windows.shape.slice(0, x.rank);
    const best = argMaxOp([reshaped(windows, [...grid, sizeOf(attrs.window)])], { axis: x.rank });
    const apart = stridesOf(x.shape);
    const along = (gaps: readonly number[]): number[] => gaps.map((gap, i) => gap * apart[i + 1]);
    const inside = counted(x, attrs.window, along(attrs.dilations));
    const corners = counted(x, grid, [apart[0], ...along(attrs.strides), 1]);
    return add(corners, gatherOp([reshaped(inside, [inside.size]), best], { axis: 0 }));
  },
});

/** Attributes of `maxPoolScatter`: where the windows lay, and the shape of their images with the border. */
export interface MaxPoolScatter extends Bordered {
  readonly shape: Shape;
}

/**
 * The transpose of picking the largest elements: adds each of `g` to the images where its index, which lies in its
 * window, says.
 */
export const maxPoolScatterOp: OpFunction<readonly [g: Tensor, indices: Tensor], MaxPoolScatter, Tensor> = composite(
  'maxPoolScatter',
  {
    saves: [],
    infer: ([g], { shape }) => ({ shape, dtype: g.dtype }),
    compose: ([g, indices], { shape }) => reshaped(scatterAddOp([g, indices], { axis: 0, size: sizeOf(shape) }), shape),
  },
);

/** int32 sums of the coordinates times `gaps` at each place of `shape`. */
function counted(like: Tensor, shape: Shape, gaps: readonly number[]): Tensor {
  const lines = gaps.map((gap, i) => steps(like, shape[i], gap, [shape[i], ...shape.slice(i + 1).map(() => 1)]));
  return lines.reduce((total, line) => add(total, line));
}

/** The images with a border that never is the largest. */
function loweredAround(x: Tensor, { pads }: Pool): Tensor {
  return bordered(x, pads, x.dtype === 'int32' ? -(2 ** 31) : -Infinity);
}

function winners(images: Tensor, { window, strides, dilations }: Pool): Tensor {
  return maxPoolIndicesOp([stopGradientOp([images], NO_ATTRS)], { window, strides, dilations });
}

function picked(images: Tensor, indices: Tensor): Tensor {
  return gatherOp([reshaped(images, [images.size]), indices], { axis: 0 });
}

/* @__NO_SIDE_EFFECTS__ */
function maximumOfWindows(name: string): PoolOp {
  return composite<readonly [x: Tensor], Pool, Tensor>(name, {
    saves: [0],
    infer: ([x], attrs) => ({ shape: pooledShape(x, attrs), dtype: x.dtype }),
    compose([x], attrs) {
      const images = loweredAround(x, attrs);
      return picked(images, winners(images, attrs));
    },
    vjp(g, [x], _y, attrs) {
      const images = loweredAround(stopGradientOp([x], NO_ATTRS), attrs);
      const { window, strides, dilations } = attrs;
      const { shape } = images;
      const back = maxPoolScatterOp([g, winners(images, attrs)], { window, strides, dilations, shape });
      return cropped(back, attrs.pads, x.shape);
    },
  });
}

export const maxPoolOp: PoolOp = maximumOfWindows('maxPool');

export const maxPool3dOp: PoolOp = maximumOfWindows('maxPool3d');

/**
 * The largest element of each window of one image or a batch of them (`dataFormat` 'NHWC': batch, height, width,
 * channels; or 'NCHW'). The gradient goes to the first of equals; NaN is passed over.
 * @example
 * maxPool([[[1], [2]], [[3], [4]]], 2, 2, 'valid').print(); // [[[4]]]
 */
export function maxPool(x: TensorLike, filterSize: number | Pair, ...placement: Placement2d): SameRank {
  return pooled(maxPoolOp, 2, countable(toTensor('maxPool', x)), filterSize, ...placement);
}

/**
 * The largest element of each window of one volume or a batch of them (`dataFormat` 'NDHWC': batch, depth, height,
 * width, channels; or 'NCDHW'). The gradient goes to the first of equals; NaN is passed over.
 * @example
 * maxPool3d([[[[1], [2]], [[3], [4]]]], [1, 2, 2], 2, 'valid').print(); // [[[[4]]]]
 */
export function maxPool3d(
  x: TensorLike,
  filterSize: number | Triple | undefined = [1, 1, 1],
  ...placement: Placement3d
): SameRank {
  return pooled(maxPool3dOp, 3, countable(toTensor('maxPool3d', x)), filterSize, ...placement);
}

/**
 * `maxPool`, and where in its image (with `includeBatchInIndex` in the whole batch), flattened, each of the elements
 * stands: (row * width + column) * channels + channel, as int32; -1 where a window meets nothing but padding.
 * @example
 * maxPoolWithArgmax([[[1], [2]], [[3], [4]]], 2, 2, 'valid').indexes.print(); // [[[3]]]
 */
export function maxPoolWithArgmax(
  x: TensorLike,
  filterSize: number | Pair,
  strides: number | Pair,
  pad: Padding,
  includeBatchInIndex = false,
): { result: Tensor; indexes: Tensor } {
  const op = 'maxPoolWithArgmax';
  const { images, attrs, restore } = poolingOf(op, 2, countable(toTensor(op, x)), filterSize, { strides, pad }, 'NHWC');
  const { shape } = images;
  const size = includeBatchInIndex ? images.size : sizeOf(shape.slice(1));
  const places = reshaped(steps(images, size, 1), [includeBatchInIndex ? shape[0] : 1, ...shape.slice(1)]);
  const around = loweredAround(images, attrs);
  const indices = winners(around, attrs);
  return {
    result: restore(picked(around, indices)),
    indexes: restore(picked(bordered(broadcasted(places, shape), attrs.pads, -1), indices)),
  };
}

export const maxPoolSamples: Samples<typeof maxPool> = pool2dCases;

export const maxPoolSpace: Space<typeof maxPool> = pool2dCalls;
export const maxPoolBadSamples: BadSamples<typeof maxPool> = refusedByPool2d('maxPool');
export const maxPool3dSamples: Samples<typeof maxPool3d> = pool3dCases;

export const maxPool3dSpace: Space<typeof maxPool3d> = pool3dCalls;
export const maxPool3dBadSamples: BadSamples<typeof maxPool3d> = refusedByPool3d('maxPool3d');

export const maxPoolWithArgmaxSamples: Samples<typeof maxPoolWithArgmax> = ({ distinct, indices }) => [
  [distinct([2, 4, 4, 2]), 2, 2, 'valid'],
  [distinct([2, 3, 3, 2]), 2, 1, 'same', true],
  [distinct([4, 3, 1]), [2, 3], [2, 1], 1],
  [indices([1, 3, 3, 1], 5), 2, 1, 'same'],
  [distinct([0, 4, 4, 1]), 2, 2, 'same'],
];

export const maxPoolWithArgmaxSpace: Space<typeof maxPoolWithArgmax> = (draw) => {
  const { images, window, strides, pad } = scene(draw, inPair, [false]);
  return [draw.distinct(images(draw.int(1, 3))), window, strides, pad, draw.pick(undefined, false, true)];
};

export const maxPoolWithArgmaxBadSamples: BadSamples<typeof maxPoolWithArgmax> = ({ uniform, wrong }) => [
  { args: [uniform([4, 4]), 2, 2, 'same'], error: 'ShapeError', names: ['maxPoolWithArgmax', '[4,4]'] },
  { args: [uniform([4, 4, 1]), 2, 0, 'same'], error: 'ShapeError', names: ['maxPoolWithArgmax', 'strides', '0'] },
  { args: [wrong(null), 2, 2, 'same'], error: 'ArgumentError', names: ['maxPoolWithArgmax', 'null'] },
];
