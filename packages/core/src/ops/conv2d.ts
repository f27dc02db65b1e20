import type { TensorLike } from '../convert.ts';
import type { DataFormat } from '../imageBatch.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { type Padding, type Pair, type RoundingMode, type Windows, windowGrid } from '../window.ts';
import { inPair, scene } from '../windowSpaces.ts';
import { convolution, groupedConv } from './groupedConv.ts';

export const conv2dOp: OpFunction<readonly [x: Tensor, filter: Tensor], Windows, Tensor> = composite('conv2d', {
  infer([x, filter], attrs) {
    const [height, width, , features] = filter.shape;
    return { shape: [x.shape[0], ...windowGrid(x.shape, [height, width], attrs), features], dtype: x.dtype };
  },
  compose: ([x, filter], attrs) => groupedConv(x, filter, attrs),
});

/**
 * Cross-correlation of one image or a batch of them (`dataFormat` 'NHWC': batch, height, width, channels; or 'NCHW')
 * with `filter` [height, width, channels, features]. Beyond tfjs, strides and dilations may both be larger than 1, and a
 * filter for a part of the channels makes groups, each with its share of channels and features.
 * @example
 * conv2d([[[1], [2], [3]]], [[[[1]], [[1]]]], 1, 'valid').print(); // [[[3], [5]]]
 */
export function conv2d(
  x: TensorLike,
  filter: TensorLike,
  strides: number | Pair,
  pad: Padding,
  dataFormat: DataFormat = 'NHWC',
  dilations: number | Pair = [1, 1],
  dimRoundingMode?: RoundingMode | null,
): SameRank {
  return convolution(
    'conv2d',
    2,
    x,
    filter,
    { strides, pad, dilations, dimRoundingMode },
    dataFormat,
    (images, weights, windows) =>
      weights.shape[2] === images.shape[3]
        ? conv2dOp([images, weights], windows)
        : groupedConv(images, weights, windows),
  );
}

export const conv2dSamples: Samples<typeof conv2d> = ({ uniform }) => [
  [uniform([2, 4, 5, 2]), uniform([2, 3, 2, 3]), 1, 'valid'],
  [uniform([2, 4, 5, 2]), uniform([3, 2, 2, 1]), 2, 'same'],
  [uniform([5, 4, 1]), uniform([3, 3, 1, 2]), [1, 2], 'same'],
  [uniform([1, 5, 5, 1]), uniform([2, 2, 1, 2]), 1, 'same', 'NHWC', [2, 1]],
  [uniform([1, 4, 4, 2]), uniform([3, 3, 2, 1]), 1, 1],
  [
    uniform([1, 4, 5, 1]),
    uniform([2, 3, 1, 2]),
    [2, 1],
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 0],
    ],
    'NHWC',
    2,
  ],
  [uniform([2, 2, 4, 5]), uniform([2, 2, 2, 3]), 1, 'valid', 'NCHW'],
  [
    uniform([1, 4, 5]),
    uniform([3, 2, 1, 2]),
    2,
    [
      [0, 0],
      [0, 0],
      [1, 1],
      [0, 2],
    ],
    'NCHW',
  ],
  [uniform([2, 3, 3, 3]), uniform([1, 1, 3, 2]), 1, 'same'],
  [uniform([2, 3, 4, 4]), uniform([2, 2, 2, 6]), 1, 'same'],
  [uniform([6, 3, 3]), uniform([2, 2, 2, 3]), [2, 1], 'valid', 'NCHW'],
  [uniform([1, 4, 5, 1]), uniform([3, 2, 1, 1]), 2, 0, 'NHWC', 1, 'ceil'],
  [uniform([1, 2, 2, 1]), uniform([3, 3, 1, 1]), 1, 'valid'],
  [uniform([0, 4, 4, 1]), uniform([2, 2, 1, 1]), 1, 'same'],
];

export const conv2dSpace: Space<typeof conv2d> = (draw) => {
  const { uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations, rounding } = scene(draw, inPair);
  const [groups, channels, features] = [int(1, 2), int(1, 3), int(1, 2)];
  const filter = uniform([...window, channels, groups * features], -1, 1);
  const format = channelsFirst ? 'NCHW' : 'NHWC';
  return [uniform(images(groups * channels)), filter, strides, pad, format, dilations, rounding];
};

export const conv2dBadSamples: BadSamples<typeof conv2d> = ({ uniform, wrong }) => [
  { args: [uniform([4, 4]), uniform([2, 2, 1, 1]), 1, 'same'], error: 'ShapeError', names: ['conv2d', '[4,4]'] },
  {
    args: [uniform([4, 4, 2]), uniform([2, 2, 1, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['conv2d', '[2,2,1,1]', '[4,4,2]'],
  },
  { args: [uniform([4, 4, 1]), uniform([2, 2, 1]), 1, 'same'], error: 'ShapeError', names: ['conv2d', '[2,2,1]'] },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 0, 'same'],
    error: 'ShapeError',
    names: ['conv2d', 'strides', '0'],
  },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, 'same', 'NHWC', 0.5],
    error: 'ShapeError',
    names: ['conv2d', 'dilations'],
  },
  { args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, -1], error: 'ShapeError', names: ['conv2d', 'pad', '-1'] },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, wrong('full')],
    error: 'ArgumentError',
    names: ['conv2d', 'full'],
  },
  {
    args: [
      uniform([4, 4, 1]),
      uniform([2, 2, 1, 1]),
      1,
      [
        [1, 1],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ],
    error: 'ArgumentError',
    names: ['conv2d', 'pad'],
  },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, 1, wrong('CHWN')],
    error: 'ArgumentError',
    names: ['conv2d', 'CHWN'],
  },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, 'same', 'NHWC', 1, 'ceil'],
    error: 'ArgumentError',
    names: ['conv2d', 'ceil', 'same'],
  },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, 0, 'NHWC', 1, wrong('up')],
    error: 'ArgumentError',
    names: ['conv2d', 'dimRoundingMode', 'up'],
  },
  { args: [wrong(null), uniform([2, 2, 1, 1]), 1, 'same'], error: 'ArgumentError', names: ['conv2d', 'null'] },
];
