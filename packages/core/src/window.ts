import { ArgumentError, ShapeError } from './errors.ts';
import type { DataFormat, DataFormat3d } from './imageBatch.ts';
import { windowCount } from './ops/unfold.ts';
import type { Shape } from './shape.ts';

/** One number for the height and one for the width, or one before and one after. */
export type Pair = readonly [number, number];

/** One number each for depth, height and width. */
export type Triple = readonly [number, number, number];

/**
 * How images are padded, in tfjs's terms: 'same' so that the output has the input's size divided by the strides, 'valid'
 * not at all, a number on all sides, or a pair before and after for each axis of a batch of images.
 */
export type Padding = 'same' | 'valid' | number | readonly Pair[];

/** How the number of windows that a padded image has room for becomes whole: tfjs's `dimRoundingMode`. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

/** How windows lie over images: their distance, the padding around the image, and the gaps inside, per spatial axis. */
export interface Windows {
  readonly strides: readonly number[];
  readonly pads: readonly Pair[];
  readonly dilations: readonly number[];
}

/** How a user says where windows lie. */
export interface Placement {
  readonly strides: number | readonly number[];
  readonly pad: Padding;
  readonly dilations?: number | readonly number[] | null | undefined;
  readonly dimRoundingMode?: RoundingMode | null | undefined;
}

/** The same over images, as arguments after the size of the windows. */
export type Placement2d = [
  strides: number | Pair,
  pad: Padding,
  dimRoundingMode?: RoundingMode | null | undefined,
  dataFormat?: DataFormat | undefined,
  dilations?: number | Pair | undefined,
];

/** The same over volumes. */
export type Placement3d = [
  strides: number | Triple,
  pad: Padding,
  dimRoundingMode?: RoundingMode | null | undefined,
  dataFormat?: DataFormat3d | undefined,
  dilations?: number | Triple | undefined,
];

/** A positive integer for each of `count` spatial axes; a single number serves all. */
export function perAxis(op: string, name: string, value: number | readonly number[], count: number): number[] {
  const list = typeof value === 'number' ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count || !list.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ShapeError(`${op}: ${name} ${JSON.stringify(value)} must be one or ${count} positive integers`);
  }
  return list;
}

/** What `placement` means for windows over images of `shape` [batch, ...spatial, channels]. */
export function placed(
  op: string,
  { strides, pad, dilations, dimRoundingMode }: Placement,
  shape: Shape,
  window: readonly number[],
  channelsFirst = false,
): Windows {
  const steps = perAxis(op, 'strides', strides, window.length);
  const gaps = perAxis(op, 'dilations', dilations ?? 1, window.length);
  const rounding = dimRoundingMode ?? 'floor';
  if (rounding !== 'floor' && rounding !== 'round' && rounding !== 'ceil') {
    throw new ArgumentError(`${op}: dimRoundingMode must be 'floor', 'round' or 'ceil', got ${String(rounding)}`);
  }
  if (typeof pad === 'string' && dimRoundingMode !== undefined && dimRoundingMode !== null) {
    throw new ArgumentError(`${op}: dimRoundingMode '${rounding}' needs a pad in numbers, got '${pad}'`);
  }
  const sides = pad === 'same' ? null : givenPads(op, pad, window.length, channelsFirst);
  const pads = window.map((taps, i): Pair => {
    const [length, reach] = [shape[i + 1], gaps[i] * (taps - 1) + 1];
    if (sides === null) {
      const missing = Math.max(0, (Math.ceil(length / steps[i]) - 1) * steps[i] + reach - length);
      return [missing >> 1, missing - (missing >> 1)];
    }
    const [low, high] = sides[i];
    const room = length + low + high - reach;
    // Rounded up, the last window reaches into padding beyond the given one.
    return [low, high + Math.max(0, Math[rounding](room / steps[i]) * steps[i] - room)];
  });
  return { strides: steps, pads, dilations: gaps };
}

function givenPads(op: string, pad: Exclude<Padding, 'same'>, count: number, channelsFirst: boolean): readonly Pair[] {
  const side = pad === 'valid' ? 0 : pad;
  const pairs: readonly Pair[] =
    typeof side === 'number' ? new Array<Pair>(count).fill([side, side]) : explicit(op, side, count, channelsFirst);
  const fits = (n: number): boolean => Number.isInteger(n) && n >= 0;
  if (!pairs.every(([low, high]) => fits(low) && fits(high))) {
    throw new ShapeError(`${op}: pad ${JSON.stringify(pad)} must consist of non-negative integers`);
  }
  return pairs;
}

function explicit(op: string, pad: readonly Pair[], count: number, channelsFirst: boolean): readonly Pair[] {
  const first = channelsFirst ? 2 : 1;
  const isSpatial = (i: number): boolean => i >= first && i < first + count;
  const others = Array.isArray(pad) ? pad.filter((_, i) => !isSpatial(i)).flat() : [];
  if (others.length !== 4 || others.some((n) => n !== 0)) {
    throw new ArgumentError(
      `${op}: pad ${JSON.stringify(pad)} must be 'same', 'valid', a number, or ${count + 2} pairs, [0, 0] for batch and channels`,
    );
  }
  return pad.slice(first, first + count);
}

/** How many windows fit on the padded images of `shape` [batch, ...spatial, channels], along each spatial axis. */
export function windowGrid(shape: Shape, window: readonly number[], { strides, pads, dilations }: Windows): number[] {
  return window.map((taps, i) => windowCount(shape[i + 1] + pads[i][0] + pads[i][1], taps, strides[i], dilations[i]));
}
