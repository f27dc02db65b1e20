import type { TensorLike } from '../convert.ts';
import type { DataFormat3d } from '../imageBatch.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Padding, RoundingMode, Triple } from '../window.ts';
import { inTriple, scene } from '../windowSpaces.ts';
import { convolution, groupedConv } from './groupedConv.ts';

/**
 * Cross-correlation of one volume or a batch of them (`dataFormat` 'NDHWC': batch, depth, height, width, channels; or
 * 'NCDHW') with `filter` [depth, height, width, channels, features].
 * @example
 * conv3d([[[[1], [2], [4]]]], [[[[[1]], [[1]]]]], 1, 'valid').print(); // [[[[3], [6]]]]
 */
export function conv3d(
  x: TensorLike,
  filter: TensorLike,
  strides: number | Triple,
  pad: Padding,
  dataFormat: DataFormat3d = 'NDHWC',
  dilations: number | Triple = [1, 1, 1],
  dimRoundingMode?: RoundingMode | null,
): SameRank {
  return convolution('conv3d', 3, x, filter, { strides, pad, dilations, dimRoundingMode }, dataFormat, groupedConv);
}

export const conv3dSamples: Samples<typeof conv3d> = ({ uniform }) => [
  [uniform([2, 2, 3, 3, 1]), uniform([2, 1, 2, 1, 2]), 1, 'valid'],
  [uniform([3, 2, 3, 1]), uniform([2, 2, 2, 1, 1]), [1, 2, 1], 'same'],
  [uniform([1, 2, 1, 5, 1]), uniform([1, 1, 3, 1, 1]), 1, 'same', 'NDHWC', [1, 1, 2]],
  [uniform([1, 2, 2, 2, 3]), uniform([1, 2, 2, 2, 1]), 1, 1, 'NCDHW'],
  [uniform([1, 1, 2, 3, 2]), uniform([1, 1, 2, 1, 2]), 2, 0, 'NDHWC', 1, 'ceil'],
  [uniform([0, 2, 2, 2, 1]), uniform([1, 2, 1, 1, 1]), 1, 'same'],
];

export const conv3dSpace: Space<typeof conv3d> = (draw) => {
  const { uniform, int } = draw;
  const { images, window, strides, pad, channelsFirst, dilations, rounding } = scene(draw, inTriple);
  const [channels, features] = [int(1, 2), int(1, 2)];
  const format = channelsFirst ? 'NCDHW' : 'NDHWC';
  const filter = uniform([...window, channels, features], -1, 1);
  return [uniform(images(channels)), filter, strides, pad, format, dilations, rounding];
};

export const conv3dBadSamples: BadSamples<typeof conv3d> = ({ uniform, wrong }) => [
  {
    args: [uniform([2, 2, 2]), uniform([1, 1, 1, 2, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['conv3d', '[2,2,2]'],
  },
  {
    args: [uniform([2, 2, 2, 3]), uniform([1, 1, 1, 2, 1]), 1, 'same'],
    error: 'ShapeError',
    names: ['conv3d', '[1,1,1,2,1]', '[2,2,2,3]'],
  },
  {
    args: [uniform([2, 2, 2, 1]), uniform([1, 1, 1, 1, 1]), wrong([1, 1]), 'same'],
    error: 'ShapeError',
    names: ['conv3d', 'strides', '[1,1]'],
  },
  {
    args: [uniform([2, 2, 2, 1]), uniform([1, 1, 1, 1, 1]), 1, 'same', wrong('NHWC')],
    error: 'ArgumentError',
    names: ['conv3d', 'NHWC'],
  },
  { args: [wrong(null), uniform([1, 1, 1, 1, 1]), 1, 'same'], error: 'ArgumentError', names: ['conv3d', 'null'] },
];
