import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

// What no kernel defines: the arithmetic on shapes and indices in front of the movement ops. Values are NumPy's.

const range = (...shape: number[]): w.Tensor =>
  w.reshape(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );

const values = (found: w.Tensor | readonly w.Tensor[]): unknown =>
  found instanceof w.Tensor ? found.arraySync() : found.map((x) => x.arraySync());

describe('slices', () => {
  it.each<[string, w.Tensor, unknown]>([
    ['[1:3]', w.slice([0, 1, 2, 3, 4], 1, 2), [1, 2]],
    ['rest of all axes', w.slice(range(2, 3), [1], -1), [[3, 4, 5]]],
    ['[1:6:2]', w.stridedSlice(range(7), [1], [6], [2]), [1, 3, 5]],
    ['[-1:0:-2]', w.stridedSlice(range(7), [-1], [0], [-2]), [6, 4, 2]],
    ['[::-1]', w.stridedSlice(range(4), [0], [0], [-1], 1, 1), [3, 2, 1, 0]],
    ['[-9:9:3]', w.stridedSlice(range(7), [-9], [9], [3]), [0, 3, 6]],
    ['[9:-9:-3]', w.stridedSlice(range(7), [9], [-9], [-3]), [6, 3, 0]],
    ['[2:2]', w.stridedSlice(range(7), [2], [2]), []],
    ['[3:1]', w.stridedSlice(range(7), [3], [1]), []],
    [
      '[..., 1]',
      w.stridedSlice(range(2, 2, 2), [0, 1], [0, 2], [1, 1], 0, 0, 1, 0, 2),
      [
        [1, 3],
        [5, 7],
      ],
    ],
    ['[:, None, -1]', w.stridedSlice(range(2, 3), [0, 0, -1], [2, 0, 0], [1, 1, 1], 0, 0, 0, 2, 4), [[2], [5]]],
    ['[1]', w.stridedSlice(range(2, 3), [1], [2]), [[3, 4, 5]]],
  ])('%s', (_name, found, expected) => {
    expect(values(found)).toEqual(expected);
  });
});

describe('pad', () => {
  it('takes any constant, also one that is not finite', () => {
    expect(values(w.pad([1, NaN], [[1, 2]], -Infinity))).toEqual([-Infinity, 1, NaN, -Infinity, -Infinity]);
  });

  it('keeps the dtype', () => {
    const y = w.pad(Int32Array.of(1, 2), [[1, 0]], 7);
    expect([y.dtype, values(y)]).toEqual(['int32', [7, 1, 2]]);
  });
});

describe('joining and parting', () => {
  it.each<[string, w.Tensor | w.Tensor[], unknown]>([
    [
      'concat',
      w.concat([range(2, 1), range(2, 2)], -1),
      [
        [0, 0, 1],
        [1, 2, 3],
      ],
    ],
    [
      'stack',
      w.stack([range(2), [5, 6]], 1),
      [
        [0, 5],
        [1, 6],
      ],
    ],
    [
      'split in equal parts',
      w.split(range(4), 2),
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'split in given parts',
      w.split(range(2, 3), [1, -1], 1),
      [
        [[0], [3]],
        [
          [1, 2],
          [4, 5],
        ],
      ],
    ],
    [
      'unstack',
      w.unstack(range(2, 3), 1),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'tile',
      w.tile(range(1, 2), [2, 2]),
      [
        [0, 1, 0, 1],
        [0, 1, 0, 1],
      ],
    ],
    [
      'reverse',
      w.reverse(range(2, 2), 1),
      [
        [1, 0],
        [3, 2],
      ],
    ],
    ['transpose', w.transpose(range(1, 2, 2), [2, 0, 1]), [[[0, 2]], [[1, 3]]]],
  ])('%s', (_name, found, expected) => {
    expect(values(found)).toEqual(expected);
  });

  it('pulls back a split at once, not slice by slice', () => {
    const x = range(50);
    const pads: string[] = [];
    using tape = new w.GradientTape();
    tape.watch(x);
    const parts = w.unstack(x);
    const y = parts.slice(0, 40).reduce((a, b, i) => w.add(a, w.mul(b, i)));
    const stop = w.observe(({ op }) => {
      if (op === 'pad') pads.push(op);
    });
    const g = tape.gradient(y, x);
    stop();
    expect(g?.arraySync()).toEqual(Array.from({ length: 50 }, (_, i) => (i === 0 ? 1 : i < 40 ? i : 0)));
    expect(pads).toEqual([]);
  });

  it('gives a handle of its own for what stays the same', () => {
    const x = range(2, 1);
    const y = w.transpose(x, [0, 1]);
    y.dispose();
    expect(values(x)).toEqual([[0], [1]]);
  });
});

describe('indices', () => {
  it.each<[string, w.Tensor, unknown]>([
    ['gather', w.gather(range(3, 2), [[2], [0]]), [[[4, 5]], [[0, 1]]]],
    [
      'gather along axis 1',
      w.gather(range(2, 3), [2, 0], 1),
      [
        [2, 0],
        [5, 3],
      ],
    ],
    [
      'gather in batches',
      w.gather(
        range(2, 3),
        [
          [2, 0],
          [1, 1],
        ],
        1,
        1,
      ),
      [
        [2, 0],
        [4, 4],
      ],
    ],
    [
      'gather in batches behind another axis',
      w.gather(
        range(2, 2, 3),
        [
          [2, 0],
          [1, 1],
        ],
        2,
        1,
      ),
      [
        [
          [2, 0],
          [5, 3],
        ],
        [
          [7, 7],
          [10, 10],
        ],
      ],
    ],
    ['takeAlongAxis, last', w.takeAlongAxis(range(2, 3), [[2], [0]], 1), [[2], [3]]],
    ['takeAlongAxis, first', w.takeAlongAxis(range(2, 3), [[1, 0, 1]], 0), [[3, 1, 5]]],
    ['unsortedSegmentSum', w.unsortedSegmentSum([1, 2, 3], [2, 0, 2], 4), [2, 0, 4, 0]],
    [
      'gatherND',
      w.gatherND(range(2, 3), [
        [1, 2],
        [0, 1],
      ]),
      [5, 1],
    ],
    ['gatherND of rows', w.gatherND(range(2, 3), [[1]]), [[3, 4, 5]]],
    [
      'scatterND',
      w.scatterND(
        [
          [1, 0],
          [1, 0],
          [0, 1],
        ],
        [1, 2, 4],
        [2, 2],
      ),
      [
        [0, 4],
        [3, 0],
      ],
    ],
  ])('%s', (_name, found, expected) => {
    expect(values(found)).toEqual(expected);
  });
});
