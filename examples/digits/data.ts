import { randomUniform } from '@wengert/core';

/** The side of an image, in pixels. */
export const SIDE = 28;
/** Pixels of an image. */
export const PIXELS: number = SIDE * SIDE;
/** The digits 0 to 9. */
export const CLASSES = 10;

/** Images of handwritten digits, one row of bytes each, with the digit that each one shows. */
export interface Digits {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** How many images there are. */
export function sizeOf({ labels }: Digits): number {
  return labels.length;
}

/** Grey values from 0 to 1 as bytes, class by class: all values as numbers would take 60 MB. */
export function bytesOf(greys: readonly number[], source: string): Uint8Array {
  if (greys.length === 0 || greys.length % PIXELS !== 0)
    throw new Error(`${source} holds ${greys.length} values, no whole images`);
  return Uint8Array.from(greys, (grey) => Math.round(grey * 255));
}

/** The images of all classes, given in the order of their digits. */
export function joined(classes: readonly Uint8Array[]): Digits {
  const images = new Uint8Array(classes.reduce((sum, { length }) => sum + length, 0));
  const labels = new Uint8Array(images.length / PIXELS);
  let at = 0;
  classes.forEach((pixels, digit) => {
    images.set(pixels, at);
    labels.fill(digit, at / PIXELS, (at + pixels.length) / PIXELS);
    at += pixels.length;
  });
  return { images, labels };
}

/** The numbers below `count` in random order, for one seed the same on every backend. */
export function permutation(count: number): Uint32Array {
  using drawn = randomUniform([count], 0, 1, 'float32');
  const keys = drawn.dataSync();
  return Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b);
}

/** The digits at the given places. */
export function pick({ images, labels }: Digits, places: Uint32Array): Digits {
  const picked = { images: new Uint8Array(places.length * PIXELS), labels: new Uint8Array(places.length) };
  places.forEach((place, i) => {
    picked.images.set(images.subarray(place * PIXELS, (place + 1) * PIXELS), i * PIXELS);
    picked.labels[i] = labels[place];
  });
  return picked;
}

/** Digits to train on, and others to test with. */
export interface Split {
  readonly train: Digits;
  readonly test: Digits;
}

/** Shuffles the digits and lays `testSize` of them aside. */
export function split(digits: Digits, testSize: number): Split {
  const order = permutation(sizeOf(digits));
  return { train: pick(digits, order.subarray(testSize)), test: pick(digits, order.subarray(0, testSize)) };
}
