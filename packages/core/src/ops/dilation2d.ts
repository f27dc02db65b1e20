import type { Spec } from '../backend.ts';
import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { type DataFormat, imageBatch } from '../imageBatch.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { type Padding, type Pair, perAxis, placed, type Windows, windowGrid } from '../window.ts';
import { inPair, scene } from '../windowSpaces.ts';
import { stopGradientOp } from './alias.ts';
import { concatOp } from './concat.ts';
import { argMaxOp } from './extrema.ts';
import { takenAlong } from './gather.ts';
import { add } from './pointwise.ts';
import { bordered } from './pooling.ts';
import { reshaped } from './reshape.ts';
import { sliceOp } from './slice.ts';

export const dilation2dOp: OpFunction<readonly [x: Tensor, filter: Tensor], Windows, Tensor> = composite('dilation2d', {
  infer: ([x, filter], attrs) => ({ shape: gridOf(x, filter, attrs), dtype: x.dtype }),
  compose([x, filter], attrs) {
    const grid = gridOf(x, filter, attrs);
    const [height, width, channels] = filter.shape;
    const edged = bordered(x, attrs.pads, -Infinity);
    const strides = [1, ...attrs.strides, 1];
    // What the windows have at one place after the other, so that all of it lies in long rows.
    const taps = Array.from({ length: height * width }, (_, tap) => {
      const begin = [0, Math.floor(tap / width) * attrs.dilations[0], (tap % width) * attrs.dilations[1], 0];
      return reshaped(sliceOp([edged], { begin, size: grid, strides }), [1, ...grid]);
    });
    const raised = add(concatOp(taps, { axis: 0 }), reshaped(filter, [taps.length, 1, 1, 1, channels]));
    const best = argMaxOp([stopGradientOp([raised], NO_ATTRS)], { axis: 0 });
    return reshaped(takenAlong(raised, reshaped(best, [1, ...grid]), 0), grid);
  },
});

function gridOf(x: Spec, filter: Spec, attrs: Windows): number[] {
  return [x.shape[0], ...windowGrid(x.shape, filter.shape.slice(0, 2), attrs), x.shape[3]];
}

/**
 * Grey-scale dilation of one image or a batch of them, channel by channel: the largest sum of an element of a window and
 * that of `filter` [height, width, channels] at its place. The gradient goes to the first of equals.
 * @example
 * dilation2d([[[1], [2], [4]]], [[[5], [0]]], 1, 'valid').print(); // [[[6], [7]]]
 */
export function dilation2d(
  x: TensorLike,
  filter: TensorLike,
  strides: number | Pair,
  pad: Padding,
  dilations: number | Pair = [1, 1],
  dataFormat: DataFormat = 'NHWC',
): SameRank {
  const [input, weights] = operands('dilation2d', [x, filter], 'float');
  const { images, channelsFirst, restore } = imageBatch('dilation2d', input, 2, dataFormat);
  if (weights.rank !== 3 || weights.shape[2] !== images.shape[3]) {
    throw new ShapeError(
      `dilation2d: filter of shape ${showShape(weights.shape)} must be [height, width, ${images.shape[3]}] for x of shape ${showShape(input.shape)}`,
    );
  }
  const window = perAxis('dilation2d', 'filter size', weights.shape.slice(0, 2), 2);
  const windows = placed('dilation2d', { strides, pad, dilations }, images.shape, window, channelsFirst);
  return restore(dilation2dOp([images, weights], windows));
}

export const dilation2dSamples: Samples<typeof dilation2d> = ({ distinct, exactly, uniform }) => [
  [distinct([2, 3, 4, 2]), uniform([2, 2, 2], 0, 0.05), 1, 'valid'],
  [distinct([4, 3, 1]), uniform([2, 3, 1], 0, 0.05), 2, 'same'],
  [distinct([1, 4, 4, 1]), uniform([2, 2, 1], 0, 0.05), 1, 'same', 2],
  [distinct([2, 3, 3]), uniform([2, 2, 2], 0, 0.05), [1, 2], 1, 1, 'NCHW'],
  [exactly([[[1], [2]]]), exactly([[[5], [-3]]]), 1, 'same'],
  [distinct([0, 3, 3, 1]), uniform([2, 2, 1]), 1, 'same'],
];

export const dilation2dSpace: Space<typeof dilation2d> = (draw) => {
  const { distinct, uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations } = scene(draw, inPair);
  const channels = int(1, 2);
  const filter = uniform([...window, channels], 0, 0.05);
  return [distinct(images(channels)), filter, strides, pad, dilations, channelsFirst ? 'NCHW' : 'NHWC'];
};

export const dilation2dBadSamples: BadSamples<typeof dilation2d> = ({ uniform, wrong }) => [
  { args: [uniform([3, 3, 2]), uniform([2, 2, 1]), 1, 'same'], error: 'ShapeError', names: ['dilation2d', '[2,2,1]'] },
  { args: [uniform([3, 3]), uniform([2, 2, 1]), 1, 'same'], error: 'ShapeError', names: ['dilation2d', '[3,3]'] },
  { args: [wrong(null), uniform([2, 2, 1]), 1, 'same'], error: 'ArgumentError', names: ['dilation2d', 'null'] },
];
