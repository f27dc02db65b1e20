import type { TensorLike } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import {
  checkImages,
  type DataFormat,
  type Padding,
  type Pair,
  pairOf,
  resolvePads,
  type Windows,
  windowGrid,
} from '../window.ts';
import { convOp } from './conv.ts';
import { reshaped } from './reshape.ts';
import { permuted } from './transpose.ts';

export const conv2dOp: OpFunction<readonly [x: Tensor, filter: Tensor], Windows, Tensor> = composite('conv2d', {
  infer([x, filter], attrs) {
    const [height, width, , features] = filter.shape;
    return { shape: [x.shape[0], ...windowGrid(x.shape, [height, width], attrs), features], dtype: x.dtype };
  },
  compose([x, filter], attrs) {
    const grouped = [x, filter].map((tensor) => reshaped(tensor, [1, ...tensor.shape]));
    const out = convOp([grouped[0], grouped[1]], { ...attrs, inputDilations: [1, 1] });
    return reshaped(out, out.shape.slice(1));
  },
});

/**
 * Cross-correlation of one image or a batch of them (`dataFormat` 'NHWC': batch, height, width, channels; or 'NCHW')
 * with `filter` [height, width, channels, features].
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
): Tensor {
  const [input, weights] = operands('conv2d', [x, filter], 'float');
  checkImages('conv2d', input);
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW') {
    throw new ArgumentError(`conv2d: dataFormat must be 'NHWC' or 'NCHW', got ${String(dataFormat)}`);
  }
  const batch = input.rank === 4 ? input : reshaped(input, [1, ...input.shape]);
  const images = dataFormat === 'NCHW' ? permuted(batch, [0, 2, 3, 1]) : batch;
  if (weights.rank !== 4 || weights.shape[2] !== images.shape[3]) {
    throw new ShapeError(
      `conv2d: filter of shape ${showShape(weights.shape)} must be [height, width, ${images.shape[3]}, features] for x of shape ${showShape(input.shape)} in ${dataFormat}`,
    );
  }
  const window = pairOf('conv2d', 'filter size', [weights.shape[0], weights.shape[1]]);
  const steps = { strides: pairOf('conv2d', 'strides', strides), dilations: pairOf('conv2d', 'dilations', dilations) };
  const pads = resolvePads('conv2d', pad, images.shape, window, steps, dataFormat);
  const out = conv2dOp([images, weights], { ...steps, pads });
  const ordered = dataFormat === 'NCHW' ? permuted(out, [0, 3, 1, 2]) : out;
  return input.rank === 4 ? ordered : reshaped(ordered, ordered.shape.slice(1));
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
  [uniform([1, 2, 2, 1]), uniform([3, 3, 1, 1]), 1, 'valid'],
  [uniform([0, 4, 4, 1]), uniform([2, 2, 1, 1]), 1, 'same'],
];

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
  { args: [wrong(null), uniform([2, 2, 1, 1]), 1, 'same'], error: 'ArgumentError', names: ['conv2d', 'null'] },
];
