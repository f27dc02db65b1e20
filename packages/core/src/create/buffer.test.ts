import '@wengert/backend-reference';
import { buffer, ShapeError, tensor } from '@wengert/core';
import { expect, it } from 'vitest';

it('holds values that can be set and read one by one', () => {
  const b = buffer([2, 3], 'int32');
  b.set(5, 1, 2);
  b.set(7);
  expect([b.get(1, 2), b.get(), b.get(0, 1), b.rank, b.size, b.strides]).toEqual([5, 7, 0, 2, 6, [3]]);
  expect([b.locToIndex([1, 1]), b.indexToLoc(4)]).toEqual([4, [1, 1]]);
  const x = b.toTensor();
  b.set(9, 0, 0);
  expect([x.dtype, x.arraySync()]).toEqual([
    'int32',
    [
      [7, 0, 0],
      [0, 0, 5],
    ],
  ]);
});

it('refuses positions and values that do not fit', () => {
  expect(() => buffer([2, 2]).set(1, 0)).toThrow(ShapeError);
  expect(() => buffer([2]).get(2)).toThrow(/\[2\]/);
  expect(() => buffer([2], 'float32', new Float32Array(3))).toThrow(/3 values/);
  expect(() => buffer([0.5])).toThrow(ShapeError);
});

it('is what a tensor gives, as a copy', async () => {
  const x = tensor([1, 2], undefined, 'float32');
  const b = x.bufferSync();
  b.set(5, 0);
  expect([x.arraySync(), (await x.buffer()).get(1), [...(await x.bytes())]]).toEqual([
    [1, 2],
    2,
    [0, 0, 128, 63, 0, 0, 0, 64],
  ]);
});
