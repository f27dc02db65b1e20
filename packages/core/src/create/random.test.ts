import '@wengert/backend-reference';
import {
  bincount,
  multinomial,
  rand,
  randomGamma,
  randomNormal,
  randomStandardNormal,
  randomUniform,
  randomUniformInt,
  setSeed,
  truncatedNormal,
} from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { philox } from './philox.ts';

describe('philox', () => {
  // The known answers that Salmon et al. publish with their generator.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('gives the published words for counter %j', (counter, key, words) => {
    const out = new Uint32Array(4);
    philox(counter, key, out);
    expect(Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(words);
  });
});

describe('random tensors', () => {
  it('repeat with their seed and differ without', () => {
    const a = randomNormal([4], 0, 1, 'float32', 7).dataSync();
    expect(randomNormal([4], 0, 1, 'float32', 7).dataSync()).toEqual(a);
    expect(randomNormal([4], 0, 1, 'float32', 8).dataSync()).not.toEqual(a);
    expect(randomUniform([4]).dataSync()).not.toEqual(randomUniform([4]).dataSync());
    setSeed(3);
    const b = randomUniform([4]).dataSync();
    setSeed(3);
    expect(randomUniform([4]).dataSync()).toEqual(b);
  });

  it('take texts as seeds', () => {
    const a = randomUniform([4], 0, 1, 'float32', 'one').dataSync();
    expect(randomUniform([4], 0, 1, 'float32', 'one').dataSync()).toEqual(a);
    expect(randomUniform([4], 0, 1, 'float32', 'two').dataSync()).not.toEqual(a);
    expect(() => randomUniform([4], 0, 1, 'float32', NaN)).toThrow(/randomUniform.*finite.*NaN/);
    expect(() => setSeed(Infinity)).toThrow(/setSeed/);
    expect(() => randomStandardNormal([4], 'float32', NaN)).toThrow(/randomStandardNormal/);
  });

  it('have their moments and bounds', () => {
    const n = 20000;
    const mean = (xs: Iterable<number>): number => [...xs].reduce((a, b) => a + b, 0) / n;
    const normal = randomNormal([n], 2, 3, 'float64', 1).dataSync();
    expect(mean(normal)).toBeCloseTo(2, 1);
    expect(Math.sqrt(mean(normal.map((x) => (x - 2) ** 2)))).toBeCloseTo(3, 1);
    const uniform = randomUniform([n], -1, 1, 'float64', 1).dataSync();
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(mean(uniform.map((x) => x * x))).toBeCloseTo(1 / 3, 1);
    expect(Math.max(...truncatedNormal([n], 0, 1, 'float64', 1).dataSync().map(Math.abs))).toBeLessThanOrEqual(2);
  });

  it.each([
    [0.5, 2],
    [1, 1],
    [3, 0.5],
  ])('have the moments of the gamma distribution with shape %d and inverse scale %d', (alpha, beta) => {
    const drawn = Array.from(randomGamma([20000], alpha, beta, 'float64', 5).dataSync());
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    const variance = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length;
    expect(mean / (alpha / beta)).toBeCloseTo(1, 1);
    expect(variance / (alpha / beta ** 2)).toBeCloseTo(1, 1);
    expect(Math.min(...drawn)).toBeGreaterThan(0);
  });

  it('of int32 fill their range and leave out its end', () => {
    const drawn = randomUniformInt([1000], -1, 2, 3);
    expect([drawn.dtype, [...new Set(drawn.dataSync())].sort((a, b) => a - b)]).toEqual(['int32', [-1, 0, 1]]);
    expect(() => randomUniformInt([2], 0.2, 0.8)).toThrow(/0.2/);
    expect(new Set(randomStandardNormal([1000], 'int32', 1).dataSync()).has(-1)).toBe(true);
  });

  it('may come from a function', () => {
    let n = 0;
    expect(rand([2, 2], () => n++, 'int32').arraySync()).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('of categories come as often as they are probable', () => {
    const drawn = multinomial([0.2, 0, 0.5, 0.3], 10000, 7, true);
    const counts = [...bincount(drawn, [], 4).dataSync()];
    expect(counts[1]).toBe(0);
    expect(counts.map((count) => Math.round(count / 500))).toEqual([4, 0, 10, 6]);
    expect(multinomial([0.2, 0, 0.5, 0.3], 10000, 7, true).dataSync()).toEqual(drawn.dataSync());
  });
});
