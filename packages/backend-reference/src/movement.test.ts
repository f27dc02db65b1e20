import { ShapeError } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { block, noise, runKernel } from './runKernel.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

describe('cast', () => {
  it('truncates towards zero and wraps on the way to int32', () => {
    const x = block([6], [1.9, -1.9, NaN, Infinity, 2 ** 31, -0.5]);
    expect(runKernel('cast', [x], { dtype: 'int32' }, [[6], 'int32'])).toEqual([[1, -1, 0, 0, -(2 ** 31), 0]]);
  });

  it('makes true of anything but 0, and 1 of true', () => {
    expect(runKernel('cast', [block([4], [0, -0, NaN, 0.1])], { dtype: 'bool' }, [[4], 'bool'])).toEqual([
      [0, 0, 1, 1],
    ]);
    expect(runKernel('cast', [block([2], [1, 0], 'bool')], { dtype: 'float32' }, [[2], 'float32'])).toEqual([[1, 0]]);
  });

  it('rounds to float32', () => {
    expect(runKernel('cast', [block([1], [0.1])], { dtype: 'float32' }, [[1], 'float32'])).toEqual([
      [Math.fround(0.1)],
    ]);
  });

  it('gives memory of its own', () => {
    const x = block([1], [1]);
    const before = x.storage;
    runKernel('cast', [x], { dtype: 'float64' }, [[1]]);
    expect(before).toEqual({ data: Float64Array.of(1) });
  });
});

describe('views', () => {
  const x = block([2, 3], range(6));

  it('transposes', () => {
    expect(runKernel('transpose', [x], { perm: [1, 0] }, [[3, 2]])).toEqual([[0, 3, 1, 4, 2, 5]]);
    const [out] = runKernel('transpose', [block([2, 3, 4], range(24))], { perm: [2, 0, 1] }, [[4, 2, 3]]);
    for (const [i, j, k] of [
      [1, 0, 2],
      [3, 1, 1],
    ]) {
      expect(out[i * 6 + j * 3 + k]).toBe(j * 12 + k * 4 + i);
    }
    expect(runKernel('transpose', [block([], [4])], { perm: [] }, [[]])).toEqual([[4]]);
  });

  it('broadcasts', () => {
    expect(runKernel('broadcastTo', [block([2, 1], [1, 2])], { shape: [2, 2, 2] }, [[2, 2, 2]])).toEqual([
      [1, 1, 2, 2, 1, 1, 2, 2],
    ]);
    expect(runKernel('broadcastTo', [block([1], [1])], { shape: [0] }, [[0]])).toEqual([[]]);
  });

  it('reverses', () => {
    expect(runKernel('reverse', [x], { axes: [1] }, [[2, 3]])).toEqual([[2, 1, 0, 5, 4, 3]]);
    expect(runKernel('reverse', [x], { axes: [0, 1] }, [[2, 3]])).toEqual([[5, 4, 3, 2, 1, 0]]);
    expect(runKernel('reverse', [x], { axes: [] }, [[2, 3]])).toEqual([range(6)]);
    expect(runKernel('reverse', [block([0], [])], { axes: [0] }, [[0]])).toEqual([[]]);
  });

  it('slices with strides', () => {
    const y = block([3, 7], range(21));
    const attrs = { begin: [1, 1], size: [2, 3], strides: [1, 2] };
    expect(runKernel('slice', [y], attrs, [[2, 3]])).toEqual([[8, 10, 12, 15, 17, 19]]);
    expect(runKernel('slice', [y], { begin: [3, 0], size: [0, 7], strides: [1, 1] }, [[0, 7]])).toEqual([[]]);
  });
});

describe('pad', () => {
  it('puts zeros before, after and between, and keeps -0', () => {
    const attrs = { low: [1, 0], high: [0, 2], interior: [0, 1] };
    expect(runKernel('pad', [block([2, 2], [-0, 2, 3, 4])], attrs, [[3, 5]])).toEqual([
      [0, 0, 0, 0, 0, -0, 0, 2, 0, 0, 3, 0, 4, 0, 0],
    ]);
  });

  it('puts nothing between the elements of an axis that has none', () => {
    expect(runKernel('pad', [block([0], [])], { low: [1], high: [1], interior: [3] }, [[2]])).toEqual([[0, 0]]);
  });

  it('is undone by a strided slice', () => {
    const values = noise(12);
    const attrs = { low: [2, 1], high: [1, 3], interior: [1, 2] };
    const [padded] = runKernel('pad', [block([3, 4], values)], attrs, [[8, 14]]);
    const back = { begin: [2, 1], size: [3, 4], strides: [2, 3] };
    expect(runKernel('slice', [block([8, 14], padded)], back, [[3, 4]])).toEqual([values]);
    expect(padded.filter((value) => value !== 0)).toHaveLength(12);
  });
});

describe('concat', () => {
  it('joins along either axis, empty parts included', () => {
    const [a, b, none] = [block([2, 1], [1, -0]), block([2, 2], [3, 4, 5, 6]), block([2, 0], [])];
    expect(runKernel('concat', [a, none, b], { axis: 1 }, [[2, 3]])).toEqual([[1, 3, 4, -0, 5, 6]]);
    expect(runKernel('concat', [b, b], { axis: 0 }, [[4, 2]])).toEqual([[3, 4, 5, 6, 3, 4, 5, 6]]);
  });
});

describe('gather and scatterAdd', () => {
  const x = block([2, 3, 2], range(12));

  it('gathers along an inner axis with indices of any shape', () => {
    const indices = block([2, 2], [2, 0, 0, 0], 'int32');
    expect(runKernel('gather', [x, indices], { axis: 1 }, [[2, 2, 2, 2]])).toEqual([
      [4, 5, 0, 1, 0, 1, 0, 1, 10, 11, 6, 7, 6, 7, 6, 7],
    ]);
    expect(runKernel('gather', [x, block([], [1], 'int32')], { axis: 0 }, [[3, 2]])).toEqual([
      range(6).map((i) => i + 6),
    ]);
  });

  it('refuses indices that are out of range', () => {
    for (const index of [-1, 3]) {
      expect(() => runKernel('gather', [x, block([1], [index], 'int32')], { axis: 1 }, [[2, 1, 2]])).toThrow(
        ShapeError,
      );
      const updates = block([1], [5]);
      const indices = block([1], [index], 'int32');
      expect(() => runKernel('scatterAdd', [updates, indices], { axis: 0, size: 3 }, [[3]])).toThrow(ShapeError);
    }
  });

  it('scatters repeated indices into a sum', () => {
    const indices = block([3], [1, 1, 3], 'int32');
    const updates = block([3, 2], [1, 2, 3, 4, 5, 6]);
    expect(runKernel('scatterAdd', [updates, indices], { axis: 0, size: 4 }, [[4, 2]])).toEqual([
      [0, 0, 4, 6, 0, 0, 5, 6],
    ]);
  });

  it('are transposes of each other', () => {
    const [values, cotangents] = [noise(24), noise(60).reverse()];
    const indices = block([5], [2, 0, 2, 3, 1], 'int32');
    const [gathered] = runKernel('gather', [block([2, 4, 3], values), indices], { axis: 1 }, [[2, 5, 3]]);
    const [scattered] = runKernel(
      'scatterAdd',
      [block([2, 5, 3], cotangents.slice(0, 30)), indices],
      { axis: 1, size: 4 },
      [[2, 4, 3]],
    );
    expect(dot(gathered, cotangents)).toBeCloseTo(dot(values, scattered), 12);
  });
});

describe('unfold and fold', () => {
  it('lays out windows with strides and dilations', () => {
    const attrs = { axes: [0], window: [2], strides: [2], dilations: [3] };
    // starts 0, 2 and 4; the second element of each window lies three further
    expect(runKernel('unfold', [block([8], range(8))], attrs, [[3, 2]])).toEqual([[0, 3, 2, 5, 4, 7]]);
  });

  it('keeps the other axes in place and appends those of the window', () => {
    const attrs = { axes: [0, 2], window: [2, 1], strides: [1, 1], dilations: [1, 1] };
    const [out] = runKernel('unfold', [block([3, 2, 2], range(12))], attrs, [[2, 2, 2, 2, 1]]);
    expect(out).toEqual([0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 5, 9, 6, 10, 7, 11]);
  });

  it('sums what overlaps', () => {
    const attrs = { axes: [0], window: [3], strides: [1], dilations: [1], size: [5] };
    expect(runKernel('fold', [block([3, 3], Array(9).fill(1))], attrs, [[5]])).toEqual([[1, 2, 3, 2, 1]]);
  });

  it('are transposes of each other', () => {
    const attrs = { axes: [1, 2], window: [2, 3], strides: [2, 1], dilations: [1, 2], size: [6, 7] };
    const shape = [2, 3, 3, 2, 3]; // (6 - 1 - 1)/2 + 1 and (7 - 4 - 1)/1 + 1
    const [x, g] = [noise(84), noise(108).map((value) => value * value)];
    const [unfolded] = runKernel('unfold', [block([2, 6, 7], x)], attrs, [shape]);
    const [folded] = runKernel('fold', [block(shape, g)], attrs, [[2, 6, 7]]);
    expect(dot(unfolded, g)).toBeCloseTo(dot(x, folded), 10);
  });
});
