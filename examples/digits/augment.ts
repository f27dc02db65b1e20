import { randomUniform } from '@wengert/core';
import { type Digits, PIXELS, SIDE, sizeOf } from './data.ts';

/** The same digits, each moved at random by up to `reach` pixels across and down. */
export function shifted({ images, labels }: Digits, reach: number): Digits {
  const count = sizeOf({ images, labels });
  using drawn = randomUniform([count, 2], 0, 1, 'float32');
  const draws = drawn.dataSync();
  const span = 2 * reach + 1;
  const offset = (i: number): number => Math.min(Math.floor(draws[i] * span), span - 1) - reach;
  const moved = new Uint8Array(images.length);
  for (let i = 0; i < count; i++) {
    const [across, down] = [offset(2 * i), offset(2 * i + 1)];
    for (let row = Math.max(0, down); row < Math.min(SIDE, SIDE + down); row++) {
      const from = i * PIXELS + (row - down) * SIDE;
      const start = Math.max(0, -across);
      const end = Math.min(SIDE, SIDE - across);
      moved.set(images.subarray(from + start, from + end), i * PIXELS + row * SIDE + start + across);
    }
  }
  return { images: moved, labels };
}
