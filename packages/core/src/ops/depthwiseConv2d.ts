import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import type { DataFormat } from '../imageBatch.ts';
import { bilinear } from '../op/bilinear.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { type Shape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { type Padding, type Pair, type RoundingMode, type Windows, windowGrid } from '../window.ts';
import { inPair, scene } from '../windowSpaces.ts';
import { type Conv, convFilterTransposed, convTransposed } from './conv.ts';
import { conv2d } from './conv2d.ts';
import { convolution, fromGroups, groupedConv, inGroups } from './groupedConv.ts';
import { reshaped } from './reshape.ts';

export const depthwiseConv2dOp: OpFunction<readonly [x: Tensor, filter: Tensor], Windows, Tensor> = bilinear(
  'depthwiseConv2d',
  {
    infer([x, filter], attrs) {
      const [height, width, channels, multiplier] = filter.shape;
      const grid = windowGrid(x.shape, [height, width], attrs);
      return { shape: [x.shape[0], ...grid, channels * multiplier], dtype: x.dtype };
    },
    transpose: [
      (g, { shape }, filter, attrs) => depthwiseInputGradOp([g, filter], { ...attrs, shape }),
      (g, x, { shape }, attrs) => depthwiseFilterGradOp([x, g], { ...attrs, shape }),
    ],
    compose: ([x, filter], attrs) => groupedConv(x, joined(filter), attrs),
  },
);

/** The attributes of a gradient: the windows, and the shape of that of which it is the cotangent. */
interface Grad extends Windows {
  readonly shape: Shape;
}

/** The cotangent of the images from that of the result, and the filter. */
export const depthwiseInputGradOp: OpFunction<readonly [g: Tensor, filter: Tensor], Grad, Tensor> = bilinear(
  'depthwiseInputGrad',
  {
    infer: ([{ dtype }], { shape }) => ({ shape, dtype }),
    transpose: [
      (h, _g, filter, attrs) => depthwiseConv2dOp([h, filter], attrs),
      (h, g, { shape }, attrs) => depthwiseFilterGradOp([h, g], { ...attrs, shape }),
    ],
    compose([g, filter], attrs) {
      const [batch, height, width, channels] = attrs.shape;
      const images = { shape: [channels, batch, height, width, 1] };
      const parts = [g, joined(filter)].map((x) => inGroups(x, channels));
      return fromGroups(convTransposed(parts[0], images, parts[1], undilated(attrs)));
    },
  },
);

/** The cotangent of the filter from the images and the cotangent of the result. */
export const depthwiseFilterGradOp: OpFunction<readonly [x: Tensor, g: Tensor], Grad, Tensor> = bilinear(
  'depthwiseFilterGrad',
  {
    infer: ([{ dtype }], { shape }) => ({ shape, dtype }),
    transpose: [
      (h, { shape }, g, attrs) => depthwiseInputGradOp([g, h], { ...attrs, shape }),
      (h, x, _g, attrs) => depthwiseConv2dOp([x, h], attrs),
    ],
    compose([x, g], attrs) {
      const [height, width, channels, multiplier] = attrs.shape;
      const filter = { shape: [channels, height, width, 1, multiplier] };
      const parts = [x, g].map((one) => inGroups(one, channels));
      return reshaped(fromGroups(convFilterTransposed(parts[1], parts[0], filter, undilated(attrs))), attrs.shape);
    },
  },
);

/** The filter [height, width, channels, multiplier] as one for groups of one channel. */
function joined(filter: Tensor): Tensor {
  const [height, width, channels, multiplier] = filter.shape;
  return reshaped(filter, [height, width, 1, channels * multiplier]);
}

function undilated({ strides, pads, dilations }: Windows): Conv {
  return { strides, pads, dilations, inputDilations: [1, 1] };
}

/**
 * Cross-correlation of each channel of one image or a batch of them by itself: `filter` is [height, width, channels,
 * multiplier], and feature number m of channel c stands at c * multiplier + m of the result.
 * @example
 * depthwiseConv2d([[[1, 2]]], [[[[10], [100]]]], 1, 'valid').print(); // [[[10, 200]]]
 */
export function depthwiseConv2d(
  x: TensorLike,
  filter: TensorLike,
  strides: number | Pair,
  pad: Padding,
  dataFormat: DataFormat = 'NHWC',
  dilations: number | Pair = [1, 1],
  dimRoundingMode?: RoundingMode | null,
): SameRank {
  const placement = { strides, pad, dilations, dimRoundingMode };
  return convolution('depthwiseConv2d', 2, x, filter, placement, dataFormat, (images, weights, windows) => {
    if (weights.shape[2] !== images.shape[3]) {
      throw new ShapeError(
        `depthwiseConv2d: filter of shape ${showShape(weights.shape)} must be [height, width, ${images.shape[3]}, multiplier]`,
      );
    }
    return depthwiseConv2dOp([images, weights], windows);
  });
}

/**
 * A depthwise convolution, then at each position a map of the channels: `pointwiseFilter` is [1, 1, channels *
 * multiplier, features].
 * @example
 * separableConv2d([[[1, 2]]], [[[[10], [100]]]], [[[[1], [1]]]], 1, 'valid').print(); // [[[210]]]
 */
export function separableConv2d(
  x: TensorLike,
  depthwiseFilter: TensorLike,
  pointwiseFilter: TensorLike,
  strides: number | Pair,
  pad: Padding,
  dilation: number | Pair = [1, 1],
  dataFormat: DataFormat = 'NHWC',
): SameRank {
  const [input, depthwise, pointwise] = operands('separableConv2d', [x, depthwiseFilter, pointwiseFilter], 'float');
  const [height, width, channels] = pointwise.shape;
  const expected = depthwise.shape[2] * depthwise.shape[3];
  if (pointwise.rank !== 4 || depthwise.rank !== 4 || height !== 1 || width !== 1 || channels !== expected) {
    throw new ShapeError(
      `separableConv2d: filters of shapes ${showShape(depthwise.shape)} and ${showShape(pointwise.shape)} must be [height, width, channels, multiplier] and [1, 1, channels * multiplier, features]`,
    );
  }
  const apart = depthwiseConv2d(input, depthwise, strides, pad, dataFormat, dilation);
  return conv2d(apart, pointwise, 1, 'valid', dataFormat);
}

export const depthwiseConv2dSamples: Samples<typeof depthwiseConv2d> = ({ uniform }) => [
  [uniform([2, 4, 3, 2]), uniform([3, 2, 2, 1]), 1, 'valid'],
  [uniform([4, 4, 2]), uniform([2, 2, 2, 3]), 2, 'same'],
  [uniform([1, 5, 4, 1]), uniform([2, 2, 1, 2]), 1, 'same', 'NHWC', [2, 1]],
  [uniform([2, 3, 4]), uniform([2, 2, 2, 1]), [1, 2], 1, 'NCHW'],
  [uniform([1, 4, 5, 2]), uniform([2, 2, 2, 1]), 3, 1, 'NHWC', 1, 'round'],
  [
    uniform([3, 3, 1]),
    uniform([2, 2, 1, 2]),
    1,
    [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  ],
  [uniform([0, 3, 3, 2]), uniform([2, 2, 2, 1]), 1, 'same'],
];

export const depthwiseConv2dSpace: Space<typeof depthwiseConv2d> = (draw) => {
  const { uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations, rounding } = scene(draw, inPair);
  const [channels, multiplier] = [int(1, 3), int(1, 2)];
  const filter = uniform([...window, channels, multiplier], -1, 1);
  return [uniform(images(channels)), filter, strides, pad, channelsFirst ? 'NCHW' : 'NHWC', dilations, rounding];
};

export const separableConv2dSamples: Samples<typeof separableConv2d> = ({ uniform }) => [
  [uniform([2, 3, 3, 2]), uniform([2, 2, 2, 1]), uniform([1, 1, 2, 3]), 1, 'valid'],
  [uniform([4, 3, 1]), uniform([2, 2, 1, 2]), uniform([1, 1, 2, 1]), 2, 'same'],
  [uniform([2, 4, 4]), uniform([2, 2, 2, 1]), uniform([1, 1, 2, 2]), 1, 'same', 2, 'NCHW'],
  [uniform([0, 3, 3, 1]), uniform([2, 2, 1, 1]), uniform([1, 1, 1, 2]), 1, 'same'],
];

export const separableConv2dSpace: Space<typeof separableConv2d> = (draw) => {
  const { uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations } = scene(draw, inPair);
  const [channels, multiplier, features] = [int(1, 3), int(1, 2), int(1, 2)];
  const filter = uniform([...window, channels, multiplier], -1, 1);
  const pointwise = uniform([1, 1, channels * multiplier, features], -1, 1);
  return [uniform(images(channels)), filter, pointwise, strides, pad, dilations, channelsFirst ? 'NCHW' : 'NHWC'];
};

export const depthwiseConv2dBadSamples: BadSamples<typeof depthwiseConv2d> = ({ uniform, wrong }) => [
  {
    args: [uniform([4, 4, 2]), uniform([2, 2, 1, 2]), 1, 'same'],
    error: 'ShapeError',
    names: ['depthwiseConv2d', '[2,2,1,2]', '2'],
  },
  {
    args: [uniform([4, 4]), uniform([2, 2, 1, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['depthwiseConv2d', '[4,4]'],
  },
  {
    args: [uniform([4, 4, 1]), uniform([2, 2, 1, 1]), 1, 'valid', 'NHWC', 1, 'floor'],
    error: 'ArgumentError',
    names: ['depthwiseConv2d', 'dimRoundingMode', 'valid'],
  },
  {
    args: [uniform([4, 4, 1]), wrong(null), 1, 'same'],
    error: 'ArgumentError',
    names: ['depthwiseConv2d', 'null'],
  },
];

export const separableConv2dBadSamples: BadSamples<typeof separableConv2d> = ({ uniform, wrong }) => [
  {
    args: [uniform([4, 4, 2]), uniform([2, 2, 2, 1]), uniform([1, 1, 3, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['separableConv2d', '[2,2,2,1]', '[1,1,3,1]'],
  },
  {
    args: [uniform([4, 4, 2]), uniform([2, 2, 2, 1]), uniform([2, 1, 2, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['separableConv2d', '[2,1,2,1]'],
  },
  {
    args: [wrong(null), uniform([2, 2, 2, 1]), uniform([1, 1, 2, 1]), 1, 'same'],
    error: 'ArgumentError',
    names: ['separableConv2d', 'null'],
  },
];
