import type { TensorLike } from '../convert.ts';
import { ArgumentError } from '../errors.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Padding, Pair, RoundingMode } from '../window.ts';
import { inPair, scene } from '../windowSpaces.ts';
import { avgPool } from './avgPool.ts';
import { maxPool } from './maxPool.ts';

/**
 * `maxPool` or `avgPool` of images [batch, height, width, channels], in windows with gaps where `dilations` are larger
 * than 1. The mean is over what lies inside the image, whatever the gaps.
 * @example
 * pool([[[1], [2], [4]]], [1, 2], 'avg', 'valid', [1, 2]).print(); // [[[2.5]]]
 */
export function pool(
  input: TensorLike,
  windowShape: number | Pair,
  poolingType: 'avg' | 'max',
  pad: Padding,
  dilations: number | Pair = [1, 1],
  strides: number | Pair = 1,
  dimRoundingMode?: RoundingMode | null,
): SameRank {
  if (poolingType !== 'avg' && poolingType !== 'max') {
    throw new ArgumentError(`pool: poolingType must be 'avg' or 'max', got ${String(poolingType)}`);
  }
  const f = poolingType === 'avg' ? avgPool : maxPool;
  return f(input, windowShape, strides, pad, dimRoundingMode, 'NHWC', dilations);
}

export const poolSamples: Samples<typeof pool> = ({ distinct }) => [
  [distinct([2, 4, 4, 2]), 2, 'max', 'valid'],
  [distinct([5, 5, 1]), [2, 3], 'avg', 'same', [2, 1]],
  [distinct([1, 6, 6, 1]), 2, 'max', 1, 2, 3, 'ceil'],
  [distinct([0, 3, 3, 1]), 2, 'avg', 'same'],
];

export const poolSpace: Space<typeof pool> = (draw) => {
  const { images, window, strides, pad, dilations, rounding } = scene(draw, inPair, [false]);
  const x = draw.distinct(images(draw.int(1, 3)));
  return [x, window, draw.pick('avg', 'max'), pad, dilations, strides, rounding];
};

export const poolBadSamples: BadSamples<typeof pool> = ({ uniform, wrong }) => [
  { args: [uniform([4, 4, 1]), 2, wrong('min'), 'same'], error: 'ArgumentError', names: ['pool', 'min'] },
  { args: [uniform([4, 4]), 2, 'max', 'same'], error: 'ShapeError', names: ['Pool', '[4,4]'] },
  { args: [wrong(null), 2, 'avg', 'same'], error: 'ArgumentError', names: ['Pool', 'null'] },
];
