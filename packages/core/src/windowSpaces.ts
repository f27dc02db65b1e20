import type { Draw } from './sampling.ts';
import type { Padding, Pair, RoundingMode, Triple } from './window.ts';

/** A small image or a batch of them, and windows over it. */
export interface Scene<L> {
  readonly batch: readonly number[];
  readonly size: L;
  readonly window: L;
  readonly strides: number | L;
  readonly dilations: number | L;
  readonly pad: Padding;
  readonly rounding: RoundingMode | null;
  readonly channelsFirst: boolean;
  /** The shape of the images with so many channels. */
  images(channels: number): number[];
}

/** One number for each of two axes. */
export function inPair(item: () => number): Pair {
  return [item(), item()];
}

/** One number for each of three axes. */
export function inTriple(item: () => number): Triple {
  return [item(), item(), item()];
}

/**
 * Windows of up to three pixels over images of up to five, with every form of strides, dilations and padding. Filters
 * are to stay finite: whether a pixel of the padding times infinity is NaN is nowhere settled.
 */
export function scene<L extends readonly number[]>(
  { int, pick, list }: Draw,
  each: (item: () => number) => L,
  formats: readonly boolean[] = [false, true],
): Scene<L> {
  const batch = pick([1], [2], [], [3], [0]);
  const size = each(() => int(1, 5));
  const window = each(() => int(1, 3));
  const oneOrAll = (most: number): number | L => (pick(true, false) ? int(1, most) : each(() => int(1, most)));
  const channelsFirst = pick(...formats) ?? false;
  const kind = pick('valid', 'same', 'number', 'pairs');
  const around = list(size.length, (): Pair => [int(0, 2), int(0, 2)]);
  const none: Pair = [0, 0];
  const pairs = channelsFirst ? [none, none, ...around] : [none, ...around, none];
  return {
    batch,
    size,
    window,
    strides: oneOrAll(3),
    dilations: pick(true, false) ? 1 : oneOrAll(2),
    pad: kind === 'number' ? around[0][0] : kind === 'pairs' ? pairs : kind,
    rounding: kind === 'number' || kind === 'pairs' ? pick(null, 'floor', 'ceil', 'round') : null,
    channelsFirst,
    images: (channels) => [...batch, ...(channelsFirst ? [channels, ...size] : [...size, channels])],
  };
}
