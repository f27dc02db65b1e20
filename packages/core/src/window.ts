import { ArgumentError, ShapeError } from './errors.ts';
import { windowCount } from './ops/unfold.ts';
import { type Shape, showShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** One number for the height and one for the width. */
export type Pair = readonly [number, number];

/**
 * How images are padded, in tfjs's terms: 'same' so that the output has the input's size divided by the strides, 'valid'
 * not at all, a number on all four sides, or a pair before and after for each of the four axes.
 */
export type Padding = 'same' | 'valid' | number | readonly Pair[];

/** tfjs's names of the order of an image's axes. */
export type DataFormat = 'NHWC' | 'NCHW';

/** Windows over images: their distance, the padding around the image, and the gaps inside, for height and width. */
export interface Windows {
  readonly strides: Pair;
  readonly pads: readonly [Pair, Pair];
  readonly dilations: Pair;
}

/** A positive integer for height and width each; a single number serves both. */
export function pairOf(op: string, name: string, value: number | Pair): Pair {
  const [height, width] = typeof value === 'number' ? [value, value] : value;
  if (![height, width].every((n) => Number.isInteger(n) && n > 0)) {
    throw new ShapeError(`${op}: ${name} ${JSON.stringify(value)} must be one or two positive integers`);
  }
  return [height, width];
}

/** The paddings of height and width that `pad` stands for, over an image of NHWC `shape`. */
export function resolvePads(
  op: string,
  pad: Padding,
  shape: Shape,
  window: Pair,
  { strides, dilations }: Omit<Windows, 'pads'>,
  format: DataFormat = 'NHWC',
): readonly [Pair, Pair] {
  if (pad === 'same') {
    const along = (i: 0 | 1): Pair => {
      const length = shape[i + 1];
      const reach = (Math.ceil(length / strides[i]) - 1) * strides[i] + dilations[i] * (window[i] - 1) + 1;
      const missing = Math.max(0, reach - length);
      return [missing >> 1, missing - (missing >> 1)];
    };
    return [along(0), along(1)];
  }
  const pairs = pad === 'valid' ? everySide(0) : typeof pad === 'number' ? everySide(pad) : explicit(op, pad, format);
  if (!pairs.flat().every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`${op}: pad ${JSON.stringify(pad)} must consist of non-negative integers`);
  }
  return pairs;
}

function everySide(n: number): [Pair, Pair] {
  return [
    [n, n],
    [n, n],
  ];
}

function explicit(op: string, pad: readonly Pair[], format: DataFormat): [Pair, Pair] {
  const spatial = format === 'NHWC' ? 1 : 2;
  const others = Array.isArray(pad) ? pad.filter((_, i) => i !== spatial && i !== spatial + 1).flat() : [];
  if (others.length !== 4 || others.some((n) => n !== 0)) {
    throw new ArgumentError(
      `${op}: pad ${JSON.stringify(pad)} must be 'same', 'valid', a number, or four pairs, [0, 0] for batch and channels in ${format}`,
    );
  }
  return [pad[spatial], pad[spatial + 1]];
}

/** How many windows fit on the padded image of NHWC `shape`, along height and width. */
export function windowGrid(
  shape: Shape,
  window: Pair,
  { strides, pads, dilations }: Windows,
): [height: number, width: number] {
  const along = (i: 0 | 1): number =>
    windowCount(shape[i + 1] + pads[i][0] + pads[i][1], window[i], strides[i], dilations[i]);
  return [along(0), along(1)];
}

/** Throws `ShapeError` unless `x` is one image or a batch of them. */
export function checkImages(op: string, x: Tensor): void {
  if (x.rank !== 3 && x.rank !== 4) {
    throw new ShapeError(`${op}: x of shape ${showShape(x.shape)} must be one image of three axes or a batch of four`);
  }
}
