import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

describe('parts of matrices', () => {
  const x = [
    [1, 2, 3],
    [4, 5, 6],
  ];

  it.each<[string, w.Tensor, number | number[] | number[][]]>([
    [
      'tril',
      w.tril(x),
      [
        [1, 0, 0],
        [4, 5, 0],
      ],
    ],
    [
      'tril with k',
      w.tril(x, 1),
      [
        [1, 2, 0],
        [4, 5, 6],
      ],
    ],
    [
      'triu',
      w.triu(x),
      [
        [1, 2, 3],
        [0, 5, 6],
      ],
    ],
    [
      'bandPart',
      w.bandPart(x, 0, 1),
      [
        [1, 2, 0],
        [0, 5, 6],
      ],
    ],
    [
      'bandPart, all below',
      w.bandPart(x, -1, 0),
      [
        [1, 0, 0],
        [4, 5, 0],
      ],
    ],
    ['diagPart', w.diagPart(x), [1, 5]],
    ['trace', w.trace(x), 6],
    ['trace of a batch', w.trace([x, x]), [6, 6]],
  ])('%s', (_name, found, expected) => {
    expect(found.arraySync()).toEqual(expected);
  });

  it('does not read what it cuts off', () => {
    expect(
      w
        .tril(
          [
            [1, NaN],
            [1, Infinity],
          ],
          -1,
        )
        .arraySync(),
    ).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });
});
