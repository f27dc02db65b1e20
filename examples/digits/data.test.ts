import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import { memory, setBackend, setSeed } from '@wengert/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { shifted } from './augment.ts';
import { type Digits, PIXELS, permutation, pick, SIDE, sizeOf, split } from './data.ts';
import { loadDigits } from './loadDigits.ts';

const digits = loadDigits();

beforeEach(async () => {
  await setBackend('cpu');
  setSeed(1);
});

const image = ({ images }: Digits, i: number): string => images.subarray(i * PIXELS, (i + 1) * PIXELS).join();

describe('loadDigits', () => {
  it('finds 10,000 different images of all digits', () => {
    expect(sizeOf(digits)).toBe(10_000);
    expect(digits.images.length).toBe(10_000 * PIXELS);
    expect([...new Set(digits.labels)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(Array.from({ length: 10_000 }, (_, i) => image(digits, i))).size).toBe(10_000);
    expect(digits.images.some((grey) => grey === 255)).toBe(true);
  });
});

describe('split', () => {
  it('parts the images without loss, each with its label', () => {
    const { train, test } = split(digits, 2000);
    expect([sizeOf(train), sizeOf(test)]).toEqual([8000, 2000]);
    const labelOf = new Map(Array.from(digits.labels, (label, i) => [image(digits, i), label]));
    for (const part of [train, test]) {
      const found = Array.from(part.labels, (_, i) => {
        const key = image(part, i);
        const label = labelOf.get(key);
        labelOf.delete(key);
        return label;
      });
      expect(found).toEqual([...part.labels]);
    }
    expect(labelOf.size).toBe(0);
    expect(new Set(test.labels).size).toBe(10);
  });
});

describe('permutation', () => {
  it('depends on the seed alone', async () => {
    const first = permutation(100);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(permutation(100)).not.toEqual(first);
    await setBackend('reference');
    setSeed(1);
    expect(permutation(100)).toEqual(first);
    const before = memory();
    permutation(100);
    expect(memory()).toEqual(before);
  });
});

describe('shifted', () => {
  it('moves each image as a whole, in every direction', () => {
    const dot = { images: new Uint8Array(200 * PIXELS), labels: new Uint8Array(200) };
    for (let i = 0; i < 200; i++) dot.images[i * PIXELS + 10 * SIDE + 10] = 9;
    const moved = shifted(dot, 1);
    const places = Array.from({ length: 200 }, (_, i) =>
      moved.images.subarray(i * PIXELS, (i + 1) * PIXELS).indexOf(9),
    );
    const found = new Set(places.map((at) => `${Math.floor(at / SIDE) - 10},${(at % SIDE) - 10}`));
    expect([...found].sort()).toEqual(['-1,-1', '-1,0', '-1,1', '0,-1', '0,0', '0,1', '1,-1', '1,0', '1,1']);
    expect(moved.images.filter((grey) => grey === 9).length).toBe(200);
  });

  it('drops what leaves the image', () => {
    const full = { images: new Uint8Array(50 * PIXELS).fill(7), labels: new Uint8Array(50) };
    const moved = shifted(full, 2);
    for (let i = 0; i < 50; i++) {
      const rows = Array.from({ length: SIDE }, (_, row) =>
        moved.images.subarray(i * PIXELS + row * SIDE, i * PIXELS + (row + 1) * SIDE),
      );
      const filled = rows.map((row) => row.filter((grey) => grey === 7).length).filter((count) => count > 0);
      expect(filled.length).toBeGreaterThanOrEqual(SIDE - 2);
      expect(new Set(filled).size).toBe(1);
      expect(filled[0]).toBeGreaterThanOrEqual(SIDE - 2);
    }
  });

  it('leaves the given images and the order alone', () => {
    const few = pick(digits, Uint32Array.of(5, 5000, 9999));
    const before = few.images.slice();
    expect(shifted(few, 1).labels).toEqual(few.labels);
    expect(few.images).toEqual(before);
    expect(shifted(few, 0).images).toEqual(before);
  });
});
