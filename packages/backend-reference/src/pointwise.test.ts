import type { DType } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { block, runKernel } from './runKernel.ts';

const unary = (op: string, values: readonly number[], dtype?: DType): number[] =>
  runKernel(op, [block([values.length], values, dtype)], {}, [[values.length], dtype])[0];

const binary = (op: string, x: readonly number[], y: readonly number[], dtype?: DType, result = dtype): number[] =>
  runKernel(op, [block([x.length], x, dtype), block([y.length], y, dtype)], {}, [[x.length], result])[0];

describe('broadcasting', () => {
  it('follows NumPy, on both sides at once', () => {
    const column = block([2, 1], [10, 20]);
    const row = block([3], [1, 2, 3]);
    expect(runKernel('sub', [column, row], {}, [[2, 3]])).toEqual([[9, 8, 7, 19, 18, 17]]);
    expect(runKernel('sub', [row, column], {}, [[2, 3]])).toEqual([[-9, -8, -7, -19, -18, -17]]);
  });

  it('serves scalars and axes of length 0', () => {
    expect(runKernel('add', [block([], [2]), block([], [3])], {}, [[]])).toEqual([[5]]);
    expect(runKernel('add', [block([0, 3], []), block([1, 3], [1, 2, 3])], {}, [[0, 3]])).toEqual([[]]);
  });

  it('broadcasts the three operands of where', () => {
    const condition = block([2, 1], [1, 0], 'bool');
    expect(runKernel('where', [condition, block([2], [1, NaN]), block([], [7])], {}, [[2, 2]])).toEqual([
      [1, NaN, 7, 7],
    ]);
  });
});

describe('dtypes', () => {
  it('rounds float32 on store', () => {
    expect(binary('add', [0.1], [0.2], 'float32')).toEqual([Math.fround(Math.fround(0.1) + Math.fround(0.2))]);
  });

  it('truncates and wraps int32', () => {
    expect(binary('add', [2 ** 31 - 1], [1], 'int32')).toEqual([-(2 ** 31)]);
    expect(unary('abs', [-(2 ** 31)], 'int32')).toEqual([-(2 ** 31)]);
    expect(binary('mul', [2 ** 31 - 1], [2 ** 31 - 1], 'int32')).toEqual([1]); // (-1 mod 2^31)², exactly
    expect(binary('pow', [2, -3, 2], [10, 3, -1], 'int32')).toEqual([1024, -27, 0]);
    expect(binary('floorDiv', [7, -7, 1], [2, 2, 0], 'int32')).toEqual([3, -4, 0]);
    expect(binary('mod', [7, -7, 7, -7, 1], [3, 3, -3, -3, 0], 'int32')).toEqual([1, 2, -2, -1, 0]);
  });

  it('makes bools of what is not 0', () => {
    expect(binary('add', [0, 0, 1, 1], [0, 1, 0, 1], 'bool')).toEqual([0, 1, 1, 1]);
    expect(binary('sub', [0, 0, 1, 1], [0, 1, 0, 1], 'bool')).toEqual([0, 1, 1, 0]);
    expect(binary('mul', [0, 0, 1, 1], [0, 1, 0, 1], 'bool')).toEqual([0, 0, 0, 1]);
    expect(binary('maximum', [0, 0, 1, 1], [0, 1, 0, 1], 'bool')).toEqual([0, 1, 1, 1]);
    expect(unary('logicalNot', [0, 1], 'bool')).toEqual([1, 0]);
  });
});

describe('IEEE arithmetic', () => {
  it('gives NaN, infinities and -0 where the standard does', () => {
    expect(binary('div', [1, -1, 0, 1], [0, 0, 0, -Infinity])).toEqual([Infinity, -Infinity, NaN, -0]);
    expect(unary('sqrt', [-1, -0, Infinity])).toEqual([NaN, -0, Infinity]);
    expect(unary('reciprocal', [0, -0, Infinity])).toEqual([Infinity, -Infinity, 0]);
    expect(unary('log', [0, -1, 1])).toEqual([-Infinity, NaN, 0]);
    expect(unary('neg', [0, -0, NaN])).toEqual([-0, 0, NaN]);
  });

  it('propagates NaN through maximum and minimum', () => {
    expect(binary('maximum', [NaN, 1, -0, 2], [1, NaN, 0, 3])).toEqual([NaN, NaN, 0, 3]);
    expect(binary('minimum', [NaN, 1, 0, 2], [1, NaN, -0, 3])).toEqual([NaN, NaN, -0, 2]);
  });

  it('compares NaN as unequal and the zeros as equal', () => {
    expect(binary('equal', [NaN, 0, 1], [NaN, -0, 2], 'float64', 'bool')).toEqual([0, 1, 0]);
    expect(binary('less', [NaN, -0, 1], [1, 0, 2], 'float64', 'bool')).toEqual([0, 0, 1]);
    expect(binary('lessEqual', [NaN, -0, 3], [1, 0, 2], 'float64', 'bool')).toEqual([0, 1, 0]);
  });

  it('raises 1 to anything and -1 to the infinities as the standard does', () => {
    expect(binary('pow', [1, 1, -1, -1], [NaN, Infinity, Infinity, -Infinity])).toEqual([1, 1, 1, 1]);
    expect(binary('pow', [0, -0, NaN, -8, -2], [0, -1, 0, 1 / 3, 3])).toEqual([1, -Infinity, 1, NaN, -8]);
  });

  it('takes the sign of mod from the divisor', () => {
    expect(binary('mod', [5, -5, 5, -5, 6], [3, 3, -3, -3, -3])).toEqual([2, 1, -1, -2, 0]);
    expect(binary('mod', [5, -5, 5, Infinity, 1], [Infinity, Infinity, -Infinity, 3, 0])).toEqual([
      5,
      Infinity,
      -Infinity,
      NaN,
      NaN,
    ]);
    expect(binary('mod', [1e17], [3])).toEqual([Number(10n ** 17n % 3n)]);
  });

  it('puts atan2 into its quadrant', () => {
    const quarter = Math.PI / 4;
    expect(binary('atan2', [1, 1, -1, -1], [1, -1, -1, 1])).toEqual([quarter, 3 * quarter, -3 * quarter, -quarter]);
    expect(binary('atan2', [0, -0, 0, -0], [-1, -1, 0, 0])).toEqual([Math.PI, -Math.PI, 0, -0]);
  });
});

describe('rounding', () => {
  it('rounds half to even, keeps large numbers and the sign of zero', () => {
    expect(unary('round', [0.5, 1.5, 2.5, -0.5, -1.5, -2.5])).toEqual([0, 2, 2, -0, -2, -2]);
    expect(unary('round', [0.49999999999999994, 2 ** 52 + 1, 2 ** 51 + 0.5, -0.2, -0])).toEqual([
      0,
      2 ** 52 + 1,
      2 ** 51,
      -0,
      -0,
    ]);
    expect(unary('round', [NaN, Infinity, -Infinity])).toEqual([NaN, Infinity, -Infinity]);
  });

  it('floors, ceils and takes signs', () => {
    expect(unary('floor', [-0.5, 0.5, -0])).toEqual([-1, 0, -0]);
    expect(unary('ceil', [-0.5, 0.5])).toEqual([-0, 1]);
    expect(unary('sign', [-3, -0, 0, 2, NaN])).toEqual([-1, -0, 0, 1, NaN]);
  });
});

describe('elementary functions', () => {
  const xs = [-3, -1, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 3];

  it('keep the digits of small arguments', () => {
    expect(unary('expm1', [1e-18])).toEqual([1e-18]);
    expect(unary('log1p', [1e-18])).toEqual([1e-18]);
    expect(unary('asinh', [1e-18])).toEqual([1e-18]);
    expect(unary('atanh', [1e-18])).toEqual([1e-18]);
  });

  it.each([
    ['sinh', 'asinh'],
    ['tanh', 'atanh'],
    ['tan', 'atan'],
    ['expm1', 'log1p'],
  ])('%s is undone by %s', (f, inverse) => {
    const small = xs.filter((x) => Math.abs(x) < 1.5);
    unary(inverse, unary(f, small)).forEach((value, i) => {
      expect(Math.abs(value - small[i])).toBeLessThanOrEqual(4e-16 * Math.abs(small[i]));
    });
  });

  it.each([
    ['sin', 'asin', 0.7],
    ['cos', 'acos', 0.7],
    ['cosh', 'acosh', 2],
    ['exp', 'log', 2],
  ])('%s is undone by %s', (f, inverse, x) => {
    expect(unary(inverse, unary(f, [x]))[0]).toBeCloseTo(x, 14);
  });

  it('sigmoid is the logistic function, without overflow or cancellation on either side', () => {
    expect(unary('sigmoid', [0, Infinity, -Infinity, NaN, 1000, -1000])).toEqual([0.5, 1, 0, NaN, 1, 0]);
    expect(unary('sigmoid', [-40])[0]).toBe(Math.exp(-40)); // 1/(1 + e^40) to the last digit
    const [up, down] = [unary('sigmoid', xs), unary('sigmoid', unary('neg', xs))];
    up.forEach((value, i) => {
      expect(value + down[i]).toBeCloseTo(1, 15);
      expect(value).toBeCloseTo((1 + Math.tanh(xs[i] / 2)) / 2, 15);
    });
  });

  it('erf is its value to 50 digits, rounded', () => {
    const values = [
      [1e-300, 1.1283791670955126e-300],
      [1e-10, 1.1283791670955126e-10],
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [0.6566989671702957, 0.6469619434919699],
      [1, 0.8427007929497149],
      [1.5, 0.9661051464753108],
      [1.6926, 0.9833205183569012],
      [1.7, 0.9837904585907745],
      [1.9, 0.9927904292352575],
      [2, 0.9953222650189527],
      [2.1, 0.997020533343667],
      [2.9, 0.9999589021219005],
      [3, 0.9999779095030014],
      [4, 0.9999999845827421],
      [5.5, 0.9999999999999927],
    ];
    for (const [x, value] of values) {
      expect(unary('erf', [x, -x])).toEqual([value, -value]);
    }
    expect(unary('erf', [0, -0, NaN, Infinity, -Infinity, 1e300])).toEqual([0, -0, NaN, 1, -1, 1]);
  });
});
