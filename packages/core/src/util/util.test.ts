import '@wengert/backend-reference';
import { setSeed, util } from '@wengert/core';
import { describe, expect, it } from 'vitest';

describe('shuffling', () => {
  it('keeps the elements, moves two arrays alike, and repeats with the seed', () => {
    const indices = util.createShuffledIndices(20);
    expect([...indices]).not.toEqual([...indices].sort((a, b) => a - b));
    const [a, b] = [Array.from({ length: 20 }, (_, i) => i), Array.from({ length: 20 }, (_, i) => -i)];
    setSeed(1);
    util.shuffleCombo(a, b);
    expect(a.map((x) => 0 - x)).toEqual(b.map((x) => x + 0));
    const c = Array.from({ length: 20 }, (_, i) => i);
    setSeed(1);
    util.shuffle(c);
    expect(c).toEqual(a);
    expect([...c].sort((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(() => util.shuffleCombo([1], [])).toThrow(/1 and 0/);
  });

  it('draws every order about as often', () => {
    setSeed(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 600; i++) {
      const a = [0, 1, 2];
      util.shuffle(a);
      counts.set(a.join(), (counts.get(a.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect(Math.min(...counts.values())).toBeGreaterThan(60);
  });
});

describe('shapes and arrays', () => {
  it('count, infer and squeeze', () => {
    expect([util.sizeFromShape([2, 3]), util.sizeFromShape([])]).toEqual([6, 1]);
    expect(util.inferFromImplicitShape([-1, 3], 6)).toEqual([2, 3]);
    expect(() => util.inferFromImplicitShape([-1, 4], 6)).toThrow(/\[-1,4\]/);
    expect(util.squeezeShape([1, 2, 1])).toEqual({ newShape: [2], keptDims: [1] });
    expect(util.squeezeShape([1, 2, 1], [0])).toEqual({ newShape: [2, 1], keptDims: [1, 2] });
    expect(() => util.squeezeShape([1, 2], [1])).toThrow(/axis 1/);
    expect(util.parseAxisParam([-1, 0], [2, 3])).toEqual([1, 0]);
    expect(util.computeStrides([2, 3, 4])).toEqual([12, 4]);
    expect(util.indexToLoc(17, 3, [12, 4])).toEqual([1, 1, 1]);
    expect(util.locToIndex([1, 1, 1], 3, [12, 4])).toBe(17);
    expect(util.arraysEqualWithNull([1, null], [1, 2])).toBe(true);
    expect(util.arraysEqual([1, 2], [1, 3])).toBe(false);
    const [height, width] = util.sizeToSquarishShape(10);
    expect(height * width).toBeGreaterThanOrEqual(10);
  });

  it('flatten, nest and convert', () => {
    expect(util.flatten([1, [Float32Array.of(2, 3)]])).toEqual([1, 2, 3]);
    expect(util.flatten([[Float32Array.of(2, 3)]], [], true)).toEqual([Float32Array.of(2, 3)]);
    expect(util.toNestedArray([], Int32Array.of(4))).toBe(4);
    expect(() => util.toNestedArray([2], Int32Array.of(4))).toThrow(/\[2\]/);
    expect(util.toTypedArray([[1.5], [2]], 'int32')).toEqual(Int32Array.of(1, 2));
    expect(util.makeOnesTypedArray(2, 'bool')).toEqual(Uint8Array.of(1, 1));
    expect([util.inferDtype([1]), util.inferDtype([true])]).toEqual(['float32', 'bool']);
    expect([util.hasEncodingLoss('float32', 'int32'), util.hasEncodingLoss('bool', 'int32')]).toEqual([true, false]);
  });

  it('assert', () => {
    expect(() => util.assert(false, () => 'no')).toThrow('no');
    expect(() => util.assertNonNull(null)).toThrow(/null/);
    expect(() => util.assertShapesMatch([1], [2], 'here: ')).toThrow(/^here: .*\[1\].*\[2\]/);
    util.assert(true, () => 'no');
    util.assertNonNull(0);
    util.assertShapesMatch([1], [1]);
  });
});

describe('numbers and time', () => {
  it('bound and count', () => {
    expect([util.clamp(0, -1, 5), util.nearestLargerEven(3), util.nearestDivisor(12, 5), util.sum([1, 2])]).toEqual([
      0, 4, 6, 3,
    ]);
    expect([util.distSquared([1, 2], [3, 5]), util.isInt(1.5), util.isPromise(Promise.resolve())]).toEqual([
      13,
      false,
      true,
    ]);
  });

  it('tries again until it may', async () => {
    let tries = 0;
    await util.repeatedTry(() => ++tries === 3);
    expect(tries).toBe(3);
    await expect(util.repeatedTry(() => false, undefined, 2)).rejects.toThrow(/2 tries/);
  });
});
