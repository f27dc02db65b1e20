import type { Spec } from '../backend.ts';
import type { TensorLike } from '../convert.ts';
import { type ImageBatch, imageBatch } from '../imageBatch.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { Tensor } from '../tensor.ts';
import {
  type Pair,
  type Placement,
  type Placement2d,
  type Placement3d,
  perAxis,
  placed,
  type Triple,
  type Windows,
  windowGrid,
} from '../window.ts';
import { inPair, inTriple, scene } from '../windowSpaces.ts';
import { padded, sliced } from './slice.ts';
import type { Unfold } from './unfold.ts';

/** Attributes of the poolings of images [batch, ...spatial, channels], with one entry per spatial axis. */
export interface Pool extends Windows {
  readonly window: readonly number[];
}

/** A pooling, as backends see it. */
export type PoolOp = OpFunction<readonly [x: Tensor], Pool, Tensor>;

/** The shape of what a pooling gives. */
export function pooledShape({ shape }: Spec, attrs: Pool): number[] {
  return [shape[0], ...windowGrid(shape, attrs.window, attrs), shape[shape.length - 1]];
}

/** The windows of a pooling over images that have their border. */
export function unfolding({ window, strides, dilations }: Omit<Pool, 'pads'>): Unfold {
  return { axes: window.map((_, i) => i + 1), window, strides, dilations };
}

/** The images with `value` around them. */
export function bordered(x: Tensor, pads: readonly Pair[], value: number): Tensor {
  return hasBorder(pads) ? padded(x, [[0, 0], ...pads, [0, 0]], value) : x;
}

function hasBorder(pads: readonly Pair[]): boolean {
  return pads.flat().some((n) => n !== 0);
}

/** The transpose of a border of zeros. */
export function cropped(g: Tensor, pads: readonly Pair[], shape: readonly number[]): Tensor {
  return hasBorder(pads) ? sliced(g, [0, ...pads.map(([low]) => low), 0], shape) : g;
}

/** The poolings' common front: reads images and lays the windows. */
export function poolingOf(
  op: string,
  spatial: number,
  x: Tensor,
  filterSize: number | readonly number[],
  placement: Placement,
  dataFormat: string,
): Omit<ImageBatch, 'channelsFirst'> & { attrs: Pool } {
  const { images, channelsFirst, restore } = imageBatch(op, x, spatial, dataFormat);
  const window = perAxis(op, 'filterSize', filterSize, spatial);
  return { images, restore, attrs: { window, ...placed(op, placement, images.shape, window, channelsFirst) } };
}

/** `poolOp` of what the poolings' common front reads. */
export function pooled(
  poolOp: PoolOp,
  spatial: 2 | 3,
  x: Tensor,
  filterSize: number | readonly number[],
  ...[strides, pad, dimRoundingMode, dataFormat = spatial === 2 ? 'NHWC' : 'NDHWC', dilations]:
    | Placement2d
    | Placement3d
): Tensor {
  const placement = { strides, pad, dilations, dimRoundingMode };
  const { images, attrs, restore } = poolingOf(poolOp.op.name, spatial, x, filterSize, placement, dataFormat);
  return restore(poolOp([images], attrs));
}

type Pool2d = (x: TensorLike, filterSize: number | Pair, ...placement: Placement2d) => Tensor;
type Pool3d = (x: TensorLike, filterSize: number | Triple | undefined, ...placement: Placement3d) => Tensor;

export const pool2dCases: Samples<Pool2d> = ({ distinct, indices }) => [
  [distinct([2, 4, 4, 2]), 2, 2, 'valid'],
  [distinct([5, 4, 1]), [3, 2], 1, 'valid'],
  [distinct([1, 5, 3, 2]), 2, 2, 'valid'],
  [distinct([1, 5, 5, 2]), 2, 2, 'same'],
  [distinct([4, 3, 2]), 3, [1, 2], 'same'],
  [distinct([2, 3, 4, 1]), 2, [1, 3], 1],
  [
    distinct([1, 3, 4, 1]),
    [2, 3],
    2,
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 0],
    ],
  ],
  [distinct([1, 5, 6, 1]), 2, 2, 0, 'ceil'],
  [
    distinct([2, 4, 5]),
    2,
    2,
    [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 1],
    ],
    'round',
    'NCHW',
  ],
  [distinct([1, 5, 5, 1]), 2, 1, 'same', null, 'NHWC', [2, 1]],
  [distinct([1, 6, 5, 1]), [2, 3], 2, 'valid', null, 'NHWC', 2],
  [distinct([1, 2, 2, 1]), 3, 1, 'valid'],
  [distinct([0, 4, 4, 1]), 2, 2, 'same'],
  [indices([3, 3, 1], 9), 2, 1, 'same'],
];

export const pool3dCases: Samples<Pool3d> = ({ distinct }) => [
  [distinct([2, 2, 3, 3, 1]), 2, 1, 'valid'],
  [distinct([3, 3, 2, 2]), [1, 3, 2], [1, 2, 1], 'same'],
  [distinct([1, 2, 2, 2, 1]), 2, 2, 1],
  [distinct([1, 1, 3, 4, 1]), [1, 2, 2], 2, 0, 'ceil'],
  [distinct([2, 2, 2, 3]), 2, 1, 'same', null, 'NCDHW'],
  [distinct([1, 3, 2, 4, 1]), 2, 1, 'valid', null, 'NDHWC', [2, 1, 3]],
  [distinct([2, 1, 2, 2, 1]), undefined, 1, 'valid'],
  [distinct([0, 2, 2, 2, 1]), 1, 1, 'valid'],
];

export const pool2dCalls: Space<Pool2d> = (draw) => {
  const { images, window, strides, pad, rounding, channelsFirst, dilations } = scene(draw, inPair);
  const x = draw.distinct(images(draw.int(1, 3)));
  return [x, window, strides, pad, rounding, channelsFirst ? 'NCHW' : 'NHWC', dilations];
};

export const pool3dCalls: Space<Pool3d> = (draw) => {
  const { images, window, strides, pad, rounding, channelsFirst, dilations } = scene(draw, inTriple);
  const x = draw.distinct(images(draw.int(1, 2)));
  return [x, window, strides, pad, rounding, channelsFirst ? 'NCDHW' : 'NDHWC', dilations];
};

/* @__NO_SIDE_EFFECTS__ */
export function refusedByPool2d(op: string): BadSamples<Pool2d> {
  return ({ uniform, wrong }) => [
    { args: [uniform([4, 4]), 2, 2, 'same'], error: 'ShapeError', names: [op, '[4,4]'] },
    { args: [uniform([4, 4, 1]), 0, 2, 'same'], error: 'ShapeError', names: [op, 'filterSize', '0'] },
    { args: [uniform([4, 4, 1]), 2, [1, -1], 'same'], error: 'ShapeError', names: [op, 'strides', '[1,-1]'] },
    { args: [uniform([4, 4, 1]), 2, 2, 0.5], error: 'ShapeError', names: [op, 'pad', '0.5'] },
    { args: [uniform([4, 4, 1]), 2, 2, 'same', 'ceil'], error: 'ArgumentError', names: [op, 'ceil', 'same'] },
    { args: [uniform([4, 4, 1]), 2, 2, wrong(null)], error: 'ArgumentError', names: [op, 'pad', 'null'] },
    { args: [wrong(null), 2, 2, 'same'], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

/* @__NO_SIDE_EFFECTS__ */
export function refusedByPool3d(op: string): BadSamples<Pool3d> {
  return ({ uniform, wrong }) => [
    { args: [uniform([4, 4, 1]), 2, 2, 'same'], error: 'ShapeError', names: [op, '[4,4,1]'] },
    { args: [uniform([4, 4, 4, 1]), wrong([2, 2]), 2, 'same'], error: 'ShapeError', names: [op, '[2,2]'] },
    { args: [uniform([4, 4, 4, 1]), 2, 2, 1, null, wrong('NHWC')], error: 'ArgumentError', names: [op, 'NHWC'] },
    { args: [wrong(null), 2, 2, 'same'], error: 'ArgumentError', names: [op, 'null'] },
  ];
}
