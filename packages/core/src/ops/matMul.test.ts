import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

const range = (...shape: number[]): w.Tensor => w.reshape(w.range(0, w.sizeOf(shape)), shape);

describe('matrix products', () => {
  const a = range(2, 2, 3);
  const b = range(3, 2);

  it('takes the batch of the left operand for more rows', () => {
    expect(w.matMul(a, b).arraySync()).toEqual(w.unstack(a).map((one) => w.matMul(one, b).arraySync()));
    expect(w.matMul(a, range(2, 3), false, true).arraySync()).toEqual(
      w.unstack(a).map((one) => w.matMul(one, range(2, 3), false, true).arraySync()),
    );
  });

  it.each<[string, w.Tensor, unknown]>([
    ['dot of vectors', w.dot([1, 2], [3, 4]), 11],
    [
      'dot of vector and matrix',
      w.dot(
        [1, 2],
        [
          [1, 0],
          [3, 4],
        ],
      ),
      [7, 8],
    ],
    [
      'dot of matrix and vector',
      w.dot(
        [
          [1, 0],
          [3, 4],
        ],
        [1, 2],
      ),
      [1, 11],
    ],
    [
      'outerProduct',
      w.outerProduct([1, 2], [3, 4]),
      [
        [3, 4],
        [6, 8],
      ],
    ],
    ['matMul of bools', w.matMul([[true, true]], [[true], [true]]), [[2]]],
  ])('%s', (_name, found, expected) => {
    expect(found.arraySync()).toEqual(expected);
  });
});
