import { type TensorLike, toTensor } from '../../convert.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts';
import { NO_ATTRS } from '../../op/op.ts';
import { castTo, floatOperand } from '../../promote.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { stopGradientOp } from '../alias.ts';
import { divOp, square, sub } from '../arithmetic.ts';
import { greater, less, lessEqual } from '../comparison.ts';
import { cumsumOp } from '../cumsum.ts';
import { argMax, max } from '../extrema.ts';
import { steps } from '../gather.ts';
import { clipByValue } from '../nn/relu.ts';
import { mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { round } from '../rounding.ts';
import { slicedAlong } from '../slice.ts';
import { broadcasted, sum } from '../sum.ts';
import { unsortedSegmentSum } from '../unsortedSegmentSum.ts';
import { select } from '../where.ts';
import { constant } from './pixels.ts';

/** The shares of red, green and blue in the brightness: ITU-R BT.601. */
const LUMA = [0.2989, 0.587, 0.114];
const LEVELS = 256;

/** The argument, whose last axis has one of those lengths. */
function withChannels(op: string, image: TensorLike, channels: readonly number[], rank?: number): Tensor {
  const x = toTensor(op, image);
  const fits = rank === undefined ? x.rank >= 2 : x.rank === rank;
  if (!fits || !channels.includes(x.shape[x.rank - 1])) {
    const axes = rank === undefined ? 'two or more' : rank;
    throw new ShapeError(
      `${op}: shape ${showShape(x.shape)} must have ${axes} axes, the last of length ${channels.join(' or ')}`,
    );
  }
  return x;
}

/**
 * Images [..., 1] with their one channel three times.
 * @example
 * grayscaleToRGB([[1], [2]]).print(); // [[1, 1, 1], [2, 2, 2]]
 */
export function grayscaleToRGB(image: TensorLike): SameRank {
  const x = withChannels('grayscaleToRGB', image, [1]);
  return broadcasted(x, [...x.shape.slice(0, -1), 3]);
}

function brightness(x: Tensor): Tensor {
  const values = floatOperand('rgbToGrayscale', x);
  return sum(mul(values, constant(values, LUMA, [3])), -1, true);
}

/**
 * The brightness [..., 1] of images [..., 3] of red, green and blue, in their dtype.
 * @example
 * rgbToGrayscale([[100, 200, 50]]).print(); // [[152.99]]
 */
export function rgbToGrayscale(image: TensorLike): SameRank {
  const x = withChannels('rgbToGrayscale', image, [3]);
  return castTo(brightness(x), x.dtype);
}

/**
 * An image [height, width, 1 or 3] of values from 0 to 255 in black and white: int32 255 where its brightness is above
 * a threshold and 0 elsewhere, or the other way round where `inverted`. The threshold is `threshValue` * 255, or found
 * by Otsu's method. It has no derivative.
 * @example
 * threshold([[[10], [200]]]).print(); // [[[0], [255]]]
 */
export function threshold(
  image: TensorLike,
  method: 'binary' | 'otsu' = 'binary',
  inverted = false,
  threshValue = 0.5,
): SameRank {
  const x = withChannels('threshold', image, [1, 3], 3);
  if (x.dtype === 'bool') throw new DTypeError('threshold: needs numbers from 0 to 255, got bool');
  if (method !== 'binary' && method !== 'otsu') {
    throw new ArgumentError(`threshold: method must be 'binary' or 'otsu', got '${String(method)}'`);
  }
  const levels = stopGradientOp([x.shape[2] === 3 ? brightness(x) : floatOperand('threshold', x)], NO_ATTRS);
  const bound = method === 'otsu' ? otsu(levels) : constant(levels, [threshValue * (LEVELS - 1)], []);
  const white = inverted ? lessEqual(levels, bound) : greater(levels, bound);
  const [on, off] = [LEVELS - 1, 0].map((level) => constant(levels, [level], [], 'int32'));
  return select(on, white, on, off);
}

/** The level that parts the histogram so that the variance between the two parts is largest: N. Otsu (1979). */
function otsu(levels: Tensor): Tensor {
  const places = castTo(clipByValue(round(reshaped(levels, [levels.size])), 0, LEVELS - 1), 'int32');
  const ones = broadcasted(constant(levels, [1], []), [levels.size]);
  const counts = unsortedSegmentSum(ones, places, LEVELS);
  const upTo = (x: Tensor): Tensor =>
    slicedAlong(cumsumOp([x], { axis: 0, exclusive: false, reverse: false }), 0, 0, LEVELS - 1);
  const sums = mul(counts, castTo(steps(counts, LEVELS, 1), counts.dtype));
  const [low, lowSum] = [upTo(counts), upTo(sums)];
  const [high, highSum] = [sub(sum(counts), low), sub(sum(sums), lowSum)];
  const variance = mul(mul(low, high), square(sub(divOp(lowSum, low), divOp(highSum, high))));
  // Where one part is empty there is no variance, and NaN is not larger than 0.
  const parted = select(variance, less(0, variance), variance, 0);
  const best = castTo(argMax(parted), levels.dtype);
  return select(best, less(0, max(parted)), best, -1);
}

export const grayscaleToRGBSamples: Samples<typeof grayscaleToRGB> = ({ uniform, indices }) => [
  [uniform([2, 3, 1])],
  [uniform([4, 1])],
  [indices([1, 2, 2, 1], 9)],
  [uniform([0, 1])],
];

export const grayscaleToRGBSpace: Space<typeof grayscaleToRGB> = ({ tensor, shape }) => [tensor([...shape(1, 3), 1])];

export const rgbToGrayscaleSamples: Samples<typeof rgbToGrayscale> = ({ uniform, indices }) => [
  [uniform([2, 2, 3])],
  [uniform([4, 3])],
  [indices([2, 3], 255)],
  [uniform([0, 3])],
];

export const rgbToGrayscaleSpace: Space<typeof rgbToGrayscale> = ({ uniform, shape }) => [uniform([...shape(1, 3), 3])];

export const thresholdSamples: Samples<typeof threshold> = ({ exactly, indices }) => [
  [exactly([[[10.5], [200.5]]])],
  [
    exactly([
      [
        [10, 20, 33],
        [250, 180, 77],
      ],
    ]),
    'binary',
    true,
    0.3,
  ],
  [indices([5, 4, 1], 255), 'otsu'],
  [exactly([[[10], [12], [200], [210], [190], [14]]]), 'otsu', true],
  [exactly([[[7], [7]]]), 'otsu'],
];

export const thresholdSpace: Space<typeof threshold> = ({ indices, length, pick }) => [
  indices([length(1), length(1), pick(1, 3)], 255),
  pick('binary', 'otsu'),
  pick(undefined, false, true),
  pick(undefined, 0.3, 0.71),
];

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string): BadSamples<(image: TensorLike) => unknown> {
  return (generator) => [
    ...refusedByUnary(op)(generator),
    { args: [generator.uniform([2, 2])], error: 'ShapeError', names: [op, '[2,2]'] },
  ];
}

export const grayscaleToRGBBadSamples: BadSamples<typeof grayscaleToRGB> = refused('grayscaleToRGB');
export const rgbToGrayscaleBadSamples: BadSamples<typeof rgbToGrayscale> = refused('rgbToGrayscale');

export const thresholdBadSamples: BadSamples<typeof threshold> = (generator) => [
  ...refused('threshold')(generator),
  { args: [generator.bools([2, 2, 1])], error: 'DTypeError', names: ['threshold', 'bool'] },
  { args: [generator.uniform([2, 2, 1]), generator.wrong('li')], error: 'ArgumentError', names: ['threshold', 'li'] },
];
