import type { TensorLike } from '../convert.ts';
import type { DataFormat1d } from '../imageBatch.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Padding, RoundingMode } from '../window.ts';
import { scene } from '../windowSpaces.ts';
import { convolution, groupedConv } from './groupedConv.ts';

/**
 * Cross-correlation of one sequence or a batch of them (`dataFormat` 'NWC': batch, width, channels; or 'NCW') with
 * `filter` [width, channels, features]. An explicit `pad` has a pair for each axis of the batch, or as in tfjs one more
 * for a height of 1.
 * @example
 * conv1d([[1], [2], [4]], [[[1]], [[1]]], 1, 'valid').print(); // [[3], [6]]
 */
export function conv1d(
  x: TensorLike,
  filter: TensorLike,
  stride: number,
  pad: Padding,
  dataFormat: DataFormat1d = 'NWC',
  dilation = 1,
  dimRoundingMode?: RoundingMode | null,
): SameRank {
  const height = dataFormat === 'NCW' ? 2 : 1;
  const hasHeight = Array.isArray(pad) && pad.length === 4 && pad[height].every((n: number) => n === 0);
  const sides: Padding = hasHeight ? pad.filter((_: unknown, i: number) => i !== height) : pad;
  const placement = { strides: stride, pad: sides, dilations: dilation, dimRoundingMode };
  return convolution('conv1d', 1, x, filter, placement, dataFormat, groupedConv);
}

export const conv1dSamples: Samples<typeof conv1d> = ({ uniform }) => [
  [uniform([2, 5, 2]), uniform([3, 2, 3]), 1, 'valid'],
  [uniform([6, 1]), uniform([2, 1, 2]), 2, 'same'],
  [uniform([1, 7, 1]), uniform([3, 1, 1]), 1, 'same', 'NWC', 2],
  [uniform([2, 2, 5]), uniform([3, 2, 2]), 1, 1, 'NCW'],
  [uniform([1, 6, 4]), uniform([2, 2, 2]), 3, 1, 'NWC', 1, 'ceil'],
  [
    uniform([5, 1]),
    uniform([2, 1, 1]),
    1,
    [
      [0, 0],
      [2, 1],
      [0, 0],
    ],
  ],
  [
    uniform([1, 5, 1]),
    uniform([2, 1, 1]),
    1,
    [
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 0],
    ],
  ],
  [uniform([1, 2, 1]), uniform([3, 1, 1]), 1, 'valid'],
  [uniform([0, 4, 1]), uniform([2, 1, 1]), 1, 'same'],
];

export const conv1dSpace: Space<typeof conv1d> = (draw) => {
  const { uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations, rounding } = scene(draw, (item) => [item()]);
  const [channels, features] = [int(1, 3), int(1, 3)];
  const [[stride], [dilation]] = [[strides].flat(), [dilations].flat()];
  const format = channelsFirst ? 'NCW' : 'NWC';
  return [
    uniform(images(channels)),
    uniform([...window, channels, features], -1, 1),
    stride,
    pad,
    format,
    dilation,
    rounding,
  ];
};

export const conv1dBadSamples: BadSamples<typeof conv1d> = ({ uniform, wrong }) => [
  { args: [uniform([4]), uniform([2, 1, 1]), 1, 'same'], error: 'ShapeError', names: ['conv1d', '[4]'] },
  {
    args: [uniform([4, 3]), uniform([2, 2, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['conv1d', '[2,2,1]', '[4,3]'],
  },
  { args: [uniform([4, 1]), uniform([2, 1]), 1, 'same'], error: 'ShapeError', names: ['conv1d', '[2,1]'] },
  { args: [uniform([4, 1]), uniform([2, 1, 1]), 0, 'same'], error: 'ShapeError', names: ['conv1d', 'strides', '0'] },
  { args: [uniform([4, 1]), uniform([2, 1, 1]), 1, -1], error: 'ShapeError', names: ['conv1d', 'pad', '-1'] },
  {
    args: [uniform([4, 1]), uniform([2, 1, 1]), 1, 'same', wrong('NHWC')],
    error: 'ArgumentError',
    names: ['conv1d', 'NHWC'],
  },
  { args: [uniform([4, 1]), wrong(null), 1, 'same'], error: 'ArgumentError', names: ['conv1d', 'null'] },
];
