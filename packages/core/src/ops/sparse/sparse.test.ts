import '@wengert/backend-reference';
import { grad, grads, mul, sparse, tensor } from '@wengert/core';
import { expect, test } from 'vitest';

// No backend computes these by a kernel that could be compared: their values stand here.

test('means of int32 are rounded towards zero', () => {
  const data = tensor([-1, -4, 5, 2], [4], 'int32');
  const found = sparse.sparseSegmentMean(data, [0, 1, 2, 3, 0], [0, 0, 2, 2, 3]);
  expect(found.dtype).toBe('int32');
  expect(found.arraySync()).toEqual([-2, 0, 3, -1]);
});

test('a slice that is named twice gets the gradient of both places', () => {
  const f = (data: Parameters<typeof sparse.sparseSegmentMean>[0]) =>
    mul(sparse.sparseSegmentMean(data, [2, 0, 2], [0, 0, 1]), [10, 100]);
  expect(grad(f)([1, 2, 3]).arraySync()).toEqual([5, 0, 105]);
});

test('values and the default get the gradients of the places that they went to', () => {
  const indices = [
    [2, 1],
    [0, 0],
  ];
  const rows = sparse.sparseFillEmptyRows(indices, [5, 6], [4, 2], -1);
  expect(rows.outputIndices.arraySync()).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
  expect(rows.outputValues.arraySync()).toEqual([6, -1, 5, -1]);
  expect(rows.emptyRowIndicator.arraySync()).toEqual([0, 1, 0, 1]);
  expect(rows.reverseIndexMap.arraySync()).toEqual([2, 0]);
  const found = grads((values, initial) =>
    mul(sparse.sparseFillEmptyRows(indices, values, [4, 2], initial).outputValues, [1, 10, 100, 1000]),
  )([[5, 6], -1]);
  expect(found.map((g) => g.arraySync())).toEqual([[100, 1], 1010]);
});

test('coordinates keep their place in row-major order', () => {
  const { outputIndices, outputShape } = sparse.sparseReshape(
    [
      [1, 2],
      [0, 4],
    ],
    [2, 6],
    [3, -1],
  );
  expect(outputIndices.arraySync()).toEqual([
    [2, 0],
    [1, 0],
  ]);
  expect(outputShape.arraySync()).toEqual([3, 4]);
});
