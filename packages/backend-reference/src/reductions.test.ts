import { describe, expect, it } from 'vitest';
import { block, runKernel } from './runKernel.ts';

describe('sum, max and min', () => {
  const x = block([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

  it('reduce any set of axes', () => {
    expect(runKernel('sum', [x], { axes: [0, 2] }, [[2]])).toEqual([[1 + 2 + 3 + 7 + 8 + 9, 4 + 5 + 6 + 10 + 11 + 12]]);
    expect(runKernel('sum', [x], { axes: [1] }, [[2, 3]])).toEqual([[5, 7, 9, 17, 19, 21]]);
    expect(runKernel('max', [x], { axes: [0, 1, 2] }, [[]])).toEqual([[12]]);
    expect(runKernel('min', [x], { axes: [2] }, [[2, 2]])).toEqual([[1, 4, 7, 10]]);
    expect(runKernel('max', [x], { axes: [] }, [[2, 2, 3]])).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]);
  });

  it('give their neutral element over nothing', () => {
    const none = (dtype: 'float64' | 'float32' | 'int32' | 'bool') => block([2, 0], [], dtype);
    expect(runKernel('sum', [none('float64')], { axes: [1] }, [[2]])).toEqual([[0, 0]]);
    expect(runKernel('sum', [none('float64')], { axes: [0] }, [[0]])).toEqual([[]]);
    expect(runKernel('max', [none('float32')], { axes: [0, 1] }, [[], 'float32'])).toEqual([[-Infinity]]);
    expect(runKernel('min', [none('float64')], { axes: [0, 1] }, [[]])).toEqual([[Infinity]]);
    expect(runKernel('max', [none('int32')], { axes: [0, 1] }, [[], 'int32'])).toEqual([[-(2 ** 31)]]);
    expect(runKernel('min', [none('int32')], { axes: [0, 1] }, [[], 'int32'])).toEqual([[2 ** 31 - 1]]);
    expect(runKernel('max', [none('bool')], { axes: [0, 1] }, [[], 'bool'])).toEqual([[0]]);
    expect(runKernel('min', [none('bool')], { axes: [0, 1] }, [[], 'bool'])).toEqual([[1]]);
  });

  it('propagate NaN', () => {
    for (const op of ['sum', 'max', 'min']) {
      expect(runKernel(op, [block([2, 2], [1, NaN, 2, 3])], { axes: [1] }, [[2]])[0][0]).toBeNaN();
    }
  });

  it('take any and all of bools, and wrap sums of int32', () => {
    expect(runKernel('max', [block([3], [0, 1, 0], 'bool')], { axes: [0] }, [[], 'bool'])).toEqual([[1]]);
    expect(runKernel('min', [block([3], [0, 1, 0], 'bool')], { axes: [0] }, [[], 'bool'])).toEqual([[0]]);
    expect(runKernel('sum', [block([2], [2 ** 31 - 1, 2], 'int32')], { axes: [0] }, [[], 'int32'])).toEqual([
      [1 - 2 ** 31],
    ]);
  });

  it('round float32 once, at the end', () => {
    const values = [2 ** 24, 1, 1, 1]; // float32 would lose each of the ones
    expect(runKernel('sum', [block([4], values, 'float32')], { axes: [0] }, [[], 'float32'])).toEqual([[2 ** 24 + 4]]);
  });
});

describe('argMax', () => {
  const argMax = (values: readonly number[], shape = [values.length], axis = 0): number[] => {
    const out = shape.filter((_, i) => i !== axis);
    return runKernel('argMax', [block(shape, values)], { axis }, [out, 'int32'])[0];
  };

  it('takes the first of equals', () => {
    expect(argMax([1, 3, 3])).toEqual([1]);
    expect(argMax([-0, 0])).toEqual([0]);
  });

  it('never lets NaN win', () => {
    expect(argMax([NaN, 1, NaN, 2])).toEqual([3]);
    expect(argMax([NaN, -Infinity])).toEqual([1]);
    expect(argMax([NaN, NaN])).toEqual([0]);
  });

  it('goes along outer and inner axes', () => {
    expect(argMax([1, 9, 5, 4, 2, 6], [2, 3], 0)).toEqual([1, 0, 1]);
    expect(argMax([1, 9, 5, 4, 2, 6], [2, 3], 1)).toEqual([1, 2]);
  });
});

describe('cumsum', () => {
  const cumsum = (axis: number, exclusive: boolean, reverse: boolean): number[] =>
    runKernel('cumsum', [block([2, 3], [1, 2, 3, 4, 5, 6])], { axis, exclusive, reverse }, [[2, 3]])[0];

  it('runs either way, with or without the element itself', () => {
    expect(cumsum(1, false, false)).toEqual([1, 3, 6, 4, 9, 15]);
    expect(cumsum(1, true, false)).toEqual([0, 1, 3, 0, 4, 9]);
    expect(cumsum(1, false, true)).toEqual([6, 5, 3, 15, 11, 6]);
    expect(cumsum(1, true, true)).toEqual([5, 3, 0, 11, 6, 0]);
    expect(cumsum(0, false, false)).toEqual([1, 2, 3, 5, 7, 9]);
  });

  it('never subtracts: what comes before a NaN is untouched', () => {
    const x = block([3], [1, NaN, 2]);
    expect(runKernel('cumsum', [x], { axis: 0, exclusive: true, reverse: false }, [[3]])).toEqual([[0, 1, NaN]]);
  });
});

describe('sort', () => {
  const sort = (values: readonly number[], descending: boolean, shape = [values.length]): number[][] =>
    runKernel('sort', [block(shape, values)], { descending }, [shape], [shape, 'int32']);

  it('is stable both ways', () => {
    expect(sort([2, 1, 2, 1], false)).toEqual([
      [1, 1, 2, 2],
      [1, 3, 0, 2],
    ]);
    expect(sort([2, 1, 2, 1], true)).toEqual([
      [2, 2, 1, 1],
      [0, 2, 1, 3],
    ]);
    expect(sort([0, -0], false)).toEqual([
      [0, -0],
      [0, 1],
    ]);
  });

  it('puts NaN last both ways, beyond the infinities', () => {
    expect(sort([NaN, Infinity, -Infinity, NaN, 0], false)).toEqual([
      [-Infinity, 0, Infinity, NaN, NaN],
      [2, 4, 1, 0, 3],
    ]);
    expect(sort([NaN, Infinity, -Infinity, NaN, 0], true)).toEqual([
      [Infinity, 0, -Infinity, NaN, NaN],
      [1, 4, 2, 0, 3],
    ]);
  });

  it('sorts each row by itself', () => {
    expect(sort([3, 1, 2, 6, 5, 4], false, [2, 3])).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 0, 2, 1, 0],
    ]);
    expect(sort([], false, [2, 0])).toEqual([[], []]);
  });
});
