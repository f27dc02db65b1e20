import { allocate, type DType, type TypedArray } from '@wengert/core';
import { expect, it } from 'vitest';
import { firstInOrder } from './ordering.ts';

const SPECIAL = [
  NaN,
  -0,
  0,
  Infinity,
  -Infinity,
  5e-324,
  -1e-40,
  1e-40,
  -1.5,
  1.5,
  2 ** 31 - 1,
  -(2 ** 31),
  3.5,
  2 ** -40,
];

/** Numbers of which many are equal, and some are exceptional. */
function numbers(dtype: DType, length: number): TypedArray {
  const data = allocate(dtype, length);
  for (let i = 0; i < length; i++) {
    const k = (i * 7919) % 1009;
    data[i] = dtype === 'bool' ? k % 2 : k % 5 === 0 ? SPECIAL[k % SPECIAL.length] : (k - 500) / 8;
  }
  return data;
}

/** Positions in order, by comparisons: NaN last, equals as they stood. */
function positions(run: TypedArray, descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return Array.from(run, (_, i) => i).sort((i, j) => {
    const [a, b] = [run[i], run[j]];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a === b ? 0 : a < b ? -sign : sign;
  });
}

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

it.each(dtypes.flatMap((dtype) => [true, false].map((descending) => [dtype, descending] as const)))(
  'finds the first of %s in order (descending: %s)',
  (dtype, descending) => {
    for (const length of [1, 2, 5, 127, 128, 129, 300, 4097]) {
      for (const k of new Set([0, 1, Math.min(length, 3), Math.min(length, 129), length])) {
        const runs = 2;
        const x = numbers(dtype, runs * length);
        const [values, indices] = [allocate(dtype, runs * k), allocate('int32', runs * k)];
        firstInOrder(x, values, indices, descending, length, k);
        const expected = [0, 1].map((r) => positions(x.slice(r * length, (r + 1) * length), descending).slice(0, k));
        expect([...indices]).toEqual(expected.flat());
        expect([...values]).toEqual(expected.flatMap((order, r) => order.map((i) => x[r * length + i])));
      }
    }
  },
);
