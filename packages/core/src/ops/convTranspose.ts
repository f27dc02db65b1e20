import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { type DataFormat, type DataFormat3d, imageBatch } from '../imageBatch.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Draw, Samples, Space } from '../sampling.ts';
import { checkShape, type Shape, sameShape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import {
  type Padding,
  type Pair,
  type Placement,
  perAxis,
  placed,
  type RoundingMode,
  type Triple,
  windowGrid,
} from '../window.ts';
import { inPair, inTriple, type Scene, scene } from '../windowSpaces.ts';
import { convTransposed } from './conv.ts';
import { fromGroups, inGroups } from './groupedConv.ts';

/** Images of `outputShape` from `x`, which a convolution with `filter` would have made of them. */
function transposed(
  op: string,
  spatial: number,
  x: TensorLike,
  filter: TensorLike,
  outputShape: Shape,
  placement: Placement,
  dataFormat: string,
): Tensor {
  const [input, weights] = operands(op, [x, filter], 'float');
  checkShape(op, outputShape);
  const { images, channelsFirst, restore } = imageBatch(op, input, spatial, dataFormat);
  const asked = input.rank === spatial + 2 ? outputShape : [1, ...outputShape];
  const shape = channelsFirst ? [asked[0], ...asked.slice(2), asked[1]] : asked;
  const [channels, features] = weights.shape.slice(spatial);
  if (
    weights.rank !== spatial + 2 ||
    outputShape.length !== input.rank ||
    channels !== shape[spatial + 1] ||
    features !== images.shape[spatial + 1]
  ) {
    throw new ShapeError(
      `${op}: filter of shape ${showShape(weights.shape)} must have ${spatial + 2} axes, the last two for the channels of outputShape ${showShape(outputShape)} and for those of x of shape ${showShape(input.shape)}`,
    );
  }
  const window = perAxis(op, 'filter size', weights.shape.slice(0, spatial), spatial);
  const windows = placed(op, placement, shape, window, channelsFirst);
  const grid = [shape[0], ...windowGrid(shape, window, windows)];
  if (!sameShape(grid, images.shape.slice(0, -1))) {
    throw new ShapeError(
      `${op}: a convolution makes of outputShape ${showShape(outputShape)} a batch and positions ${showShape(grid)}, not x of shape ${showShape(input.shape)}`,
    );
  }
  const attrs = { ...windows, inputDilations: windows.strides.map(() => 1) };
  return restore(
    fromGroups(convTransposed(inGroups(images, 1), { shape: [1, ...shape] }, inGroups(weights, 1), attrs)),
  );
}

/**
 * The transpose of `conv2d`, also called deconvolution: images of `outputShape` [batch, height, width, features], or one
 * without a batch, from `x`, with `filter` [height, width, features, channels of x].
 * @example
 * conv2dTranspose([[[1], [2]]], [[[[1]], [[10]]]], [1, 3, 1], 1, 'valid').print(); // [[[1], [12], [20]]]
 */
export function conv2dTranspose(
  x: TensorLike,
  filter: TensorLike,
  outputShape: Shape,
  strides: number | Pair,
  pad: Padding,
  dimRoundingMode?: RoundingMode | null,
  dataFormat: DataFormat = 'NHWC',
  dilations: number | Pair = [1, 1],
): SameRank {
  const placement = { strides, pad, dilations, dimRoundingMode };
  return transposed('conv2dTranspose', 2, x, filter, outputShape, placement, dataFormat);
}

/**
 * The transpose of `conv3d`: volumes of `outputShape` [batch, depth, height, width, features], or one without a batch,
 * from `x`, with `filter` [depth, height, width, features, channels of x].
 * @example
 * conv3dTranspose([[[[1], [2]]]], [[[[[1]], [[10]]]]], [1, 1, 3, 1], 1, 'valid').print(); // [[[[1], [12], [20]]]]
 */
export function conv3dTranspose(
  x: TensorLike,
  filter: TensorLike,
  outputShape: Shape,
  strides: number | Triple,
  pad: Padding,
  dataFormat: DataFormat3d = 'NDHWC',
  dilations: number | Triple = [1, 1, 1],
): SameRank {
  return transposed('conv3dTranspose', 3, x, filter, outputShape, { strides, pad, dilations }, dataFormat);
}

export const conv2dTransposeSamples: Samples<typeof conv2dTranspose> = ({ uniform }) => [
  [uniform([2, 2, 3, 2]), uniform([2, 2, 3, 2]), [2, 3, 4, 3], 1, 'valid'],
  [uniform([2, 2, 1]), uniform([3, 3, 2, 1]), [4, 3, 2], 2, 'same'],
  [uniform([1, 2, 2, 1]), uniform([2, 3, 1, 1]), [1, 3, 4, 1], [2, 3], 1],
  [uniform([1, 2, 2, 1]), uniform([2, 2, 1, 1]), [1, 3, 3, 1], 2, 0, 'ceil'],
  [uniform([1, 3, 2, 2]), uniform([2, 2, 2, 3]), [1, 2, 3, 4], 1, 'valid', null, 'NCHW', [1, 2]],
  [uniform([0, 2, 2, 1]), uniform([2, 2, 1, 1]), [0, 3, 3, 1], 1, 'valid'],
];

/** What a convolution makes of the images of a scene: the shapes of those, and of what is to become them again. */
function transposition(
  { uniform, int }: Draw,
  { images, batch, size, window, channelsFirst, ...placement }: Scene<Pair | Triple>,
) {
  const [channels, features] = [int(1, 2), int(1, 2)];
  const shape = [batch[0] ?? 1, ...size, channels];
  const windows = placed(
    'transposition',
    { ...placement, dimRoundingMode: placement.rounding },
    shape,
    window,
    channelsFirst,
  );
  const grid = windowGrid(shape, window, windows);
  const x = uniform([...batch, ...(channelsFirst ? [features, ...grid] : [...grid, features])]);
  return { x, filter: uniform([...window, channels, features], -1, 1), outputShape: images(channels) };
}

export const conv2dTransposeSpace: Space<typeof conv2dTranspose> = (draw) => {
  const drawn = scene(draw, inPair);
  const { strides, pad, rounding, channelsFirst, dilations } = drawn;
  const { x, filter, outputShape } = transposition(draw, drawn);
  return [x, filter, outputShape, strides, pad, rounding, channelsFirst ? 'NCHW' : 'NHWC', dilations];
};

export const conv3dTransposeSamples: Samples<typeof conv3dTranspose> = ({ uniform }) => [
  [uniform([1, 2, 1, 2, 2]), uniform([2, 1, 2, 1, 2]), [1, 3, 1, 3, 1], 1, 'valid'],
  [uniform([1, 2, 1, 1]), uniform([2, 2, 1, 2, 1]), [2, 3, 1, 2], 2, 'same'],
  [uniform([1, 2, 1, 1, 2]), uniform([1, 1, 2, 1, 2]), [1, 1, 1, 1, 4], 1, 'valid', 'NCDHW', [1, 1, 2]],
];

export const conv3dTransposeSpace: Space<typeof conv3dTranspose> = (draw) => {
  const drawn = scene(draw, inTriple);
  const { strides, pad, channelsFirst, dilations } = drawn;
  const { x, filter, outputShape } = transposition(draw, { ...drawn, rounding: null });
  return [x, filter, outputShape, strides, pad, channelsFirst ? 'NCDHW' : 'NDHWC', dilations];
};

export const conv2dTransposeBadSamples: BadSamples<typeof conv2dTranspose> = ({ uniform, wrong }) => [
  {
    args: [uniform([2, 2, 1]), uniform([2, 2, 1, 1]), [4, 4, 1], 1, 'valid'],
    error: 'ShapeError',
    names: ['conv2dTranspose', '[4,4,1]', '[2,2,1]'],
  },
  {
    args: [uniform([2, 2, 1]), uniform([2, 2, 1, 2]), [3, 3, 1], 1, 'valid'],
    error: 'ShapeError',
    names: ['conv2dTranspose', '[2,2,1,2]', '[2,2,1]'],
  },
  {
    args: [uniform([2, 2, 1]), uniform([2, 2, 1, 1]), [1, 3, 3, 1], 1, 'valid'],
    error: 'ShapeError',
    names: ['conv2dTranspose', '[1,3,3,1]'],
  },
  {
    args: [wrong(null), uniform([2, 2, 1, 1]), [3, 3, 1], 1, 'valid'],
    error: 'ArgumentError',
    names: ['conv2dTranspose', 'null'],
  },
];

export const conv3dTransposeBadSamples: BadSamples<typeof conv3dTranspose> = ({ uniform, wrong }) => [
  {
    args: [uniform([2, 2, 1, 1]), uniform([2, 2, 2, 1, 1]), [3, 3, 3, 1], 1, 'valid'],
    error: 'ShapeError',
    names: ['conv3dTranspose', '[3,3,3,1]', '[2,2,1,1]'],
  },
  {
    args: [uniform([2, 2, 1, 1]), wrong(null), [3, 3, 2, 1], 1, 'valid'],
    error: 'ArgumentError',
    names: ['conv3dTranspose', 'null'],
  },
];
