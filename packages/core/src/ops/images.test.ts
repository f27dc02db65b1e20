import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

/** A single-channel image [height, width, 1]. */
const image = (rows: readonly (readonly number[])[]): w.Tensor => w.reshape(rows, [rows.length, rows[0].length, 1]);

const plane = (y: w.Tensor): unknown => w.squeeze(y, [2]).arraySync();

const x = image([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);
const ones = (height: number, width: number): w.Tensor => w.ones([height, width, 1, 1]);

describe('conv2d', () => {
  it.each<[string, w.Tensor, unknown]>([
    [
      'valid',
      w.conv2d(x, ones(2, 2), 1, 'valid'),
      [
        [12, 16],
        [24, 28],
      ],
    ],
    [
      'same, the odd element of padding after',
      w.conv2d(x, ones(2, 2), 1, 'same'),
      [
        [12, 16, 9],
        [24, 28, 15],
        [15, 17, 9],
      ],
    ],
    [
      'same with strides',
      w.conv2d(x, ones(2, 2), 2, 'same'),
      [
        [12, 9],
        [15, 9],
      ],
    ],
    [
      'a number',
      w.conv2d(x, ones(3, 3), 2, 1),
      [
        [12, 16],
        [24, 28],
      ],
    ],
    [
      'explicit',
      w.conv2d(x, ones(2, 2), 2, [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
      [
        [3, 3],
        [24, 15],
      ],
    ],
    ['dilations', w.conv2d(x, ones(2, 2), 1, 'valid', 'NHWC', 2), [[20]]],
    ['filter larger than the image', w.conv2d(x, ones(4, 1), 1, 'valid'), []],
  ])('%s', (_name, found, expected) => {
    expect(plane(found)).toEqual(expected);
  });

  it('reads NCHW as the transposed NHWC', () => {
    const batch = w.reshape(
      Array.from({ length: 48 }, (_, i) => Math.sin(i)),
      [2, 3, 4, 2],
    );
    const filter = w.reshape(
      Array.from({ length: 24 }, (_, i) => Math.cos(i)),
      [2, 2, 2, 3],
    );
    const nhwc = w.conv2d(batch, filter, [1, 2], 'same');
    const nchw = w.conv2d(w.transpose(batch, [0, 3, 1, 2]), filter, [1, 2], 'same', 'NCHW');
    expect(w.transpose(nchw, [0, 2, 3, 1]).arraySync()).toEqual(nhwc.arraySync());
  });
});

describe('poolings', () => {
  const tied = image([
    [1, 1, 0],
    [1, NaN, 0],
    [0, 0, -1],
  ]);

  it.each<[string, w.Tensor, unknown]>([
    [
      'maxPool',
      w.maxPool(x, 2, 1, 'valid'),
      [
        [5, 6],
        [8, 9],
      ],
    ],
    [
      'maxPool, same',
      w.maxPool(x, 2, 2, 'same'),
      [
        [5, 6],
        [8, 9],
      ],
    ],
    [
      'maxPool of negative elements in a border',
      w.maxPool(w.neg(x), 2, 2, 1),
      [
        [-1, -2],
        [-4, -5],
      ],
    ],
    [
      'maxPool passes NaN over',
      w.maxPool(tied, 2, 1, 'valid'),
      [
        [1, 1],
        [1, 0],
      ],
    ],
    ['maxPool of a NaN alone', w.maxPool(image([[NaN]]), 1, 1, 'valid'), [[NaN]]],
    [
      'avgPool',
      w.avgPool(x, 2, 1, 'valid'),
      [
        [3, 4],
        [6, 7],
      ],
    ],
    [
      'avgPool counts what lies inside',
      w.avgPool(x, 2, 2, 'same'),
      [
        [3, 4.5],
        [7.5, 9],
      ],
    ],
    [
      'avgPool counts what lies inside a border',
      w.avgPool(x, 2, 2, 1),
      [
        [1, 2.5],
        [5.5, 7],
      ],
    ],
  ])('%s', (_name, found, expected) => {
    expect(plane(found)).toEqual(expected);
  });

  it('keeps ints, with a border that is lower than all of them', () => {
    const y = w.maxPool(w.cast(w.neg(x), 'int32'), 2, 2, 1);
    expect([y.dtype, plane(y)]).toEqual([
      'int32',
      [
        [-1, -2],
        [-4, -5],
      ],
    ]);
  });

  it('gives the gradient to the first of equals', () => {
    const g = w.grad((a) => w.maxPool(a, 2, 1, 'valid'))(tied);
    expect(plane(g)).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('is one step on a tape, for kernels to serve', () => {
    const composed: string[] = [];
    for (const pool of [w.maxPool, w.avgPool]) {
      using tape = new w.GradientTape();
      tape.watch(x);
      const stop = w.observe(({ op, route }) => {
        if (route === 'composed') composed.push(op);
      });
      const y = pool(x, 2, 2, 'same');
      stop();
      expect(tape.gradient(y, x)?.shape).toEqual([3, 3, 1]);
    }
    expect(composed).toContain('maxPool');
    expect(composed).toContain('avgPool');
  });
});
