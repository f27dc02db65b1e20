import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { expect, it } from 'vitest';

const deep = (rank: number): w.Tensor => w.reshape([1, 2, 3], [...new Array(rank - 1).fill(1), 3]);
const inner = (rank: number, last: readonly [number, number]): (readonly [number, number])[] => [
  ...new Array<[number, number]>(rank - 1).fill([0, 0]),
  last,
];

const calls: readonly (readonly [rank: number, f: (x: w.Tensor) => w.Tensor, expected: number[]])[] = [
  [1, (x) => w.concat1d([x, [9]]), [1, 2, 3, 9]],
  [2, (x) => w.concat2d([x, x], 1), [1, 2, 3, 1, 2, 3]],
  [3, (x) => w.concat3d([x, x]), [1, 2, 3, 1, 2, 3]],
  [4, (x) => w.concat4d([x], 3), [1, 2, 3]],
  [1, (x) => w.slice1d(x, 1, 2), [2, 3]],
  [2, (x) => w.slice2d(x, [0, 1], [1, 2]), [2, 3]],
  [3, (x) => w.slice3d(x, [0, 0, 2], [1, 1, 1]), [3]],
  [4, (x) => w.slice4d(x, [0, 0, 0, 1]), [2, 3]],
  [1, (x) => w.reverse1d(x), [3, 2, 1]],
  [2, (x) => w.reverse2d(x, 1), [3, 2, 1]],
  [3, (x) => w.reverse3d(x, -1), [3, 2, 1]],
  [4, (x) => w.reverse4d(x), [3, 2, 1]],
  [1, (x) => w.pad1d(x, [1, 0], 7), [7, 1, 2, 3]],
  [2, (x) => w.pad2d(x, inner(2, [0, 1])), [1, 2, 3, 0]],
  [3, (x) => w.pad3d(x, inner(3, [1, 1])), [0, 1, 2, 3, 0]],
  [4, (x) => w.pad4d(x, inner(4, [1, 0]), -1), [-1, 1, 2, 3]],
];

it.each(calls)('rank %i: %s', (rank, f, expected) => {
  const x = deep(rank);
  expect([...f(x).dataSync()]).toEqual(expected);
  const before = w.memory();
  f(x).dispose();
  expect(w.memory()).toEqual(before);
  expect(() => f(deep(rank + 1))).toThrow(w.ShapeError);
  expect(() => f(deep(rank + 1))).toThrow(new RegExp(`\\wd: a tensor of rank ${rank} is needed`));
});
