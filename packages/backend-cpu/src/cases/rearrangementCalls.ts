import type { Shape } from '@wengert/core/functions';
import type { Calls } from '../agreement.ts';

const REPEATED: readonly [Shape, Shape][] = [
  [[], [3]],
  [[1], [0]],
  [[], []],
  [[60], [3, 60]],
  [[6], [70, 6]],
  [
    [3, 1],
    [3, 160],
  ],
  [
    [3, 1],
    [2, 3, 5],
  ],
  [
    [2, 1, 3, 1],
    [4, 2, 5, 3, 6],
  ],
];

const REVERSED: readonly [Shape, ...(readonly number[])[]][] = [
  [[5], [0]],
  [[0], [0]],
  [[3, 90], [0], [1], [0, 1]],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [[2, 3, 4], []],
  [[5, 17, 3], [0, 2], [1], [2]],
  [[301], [0]],
  [[130, 131], [0], [1], [0, 1]],
  [[80, 70, 3], [1], [2], [0, 2]],
  [
    [40, 3, 4],
    [1, 2],
  ],
];

/** Of each axis: where it begins, how many, and how far apart. */
const SLICED: readonly [Shape, begin: number[], size: number[], strides: number[]][] = [
  [[], [], [], []],
  [[9], [2], [3], [2]],
  [
    [4, 100],
    [1, 3],
    [3, 90],
    [1, 1],
  ],
  [
    [24, 100],
    [0, 0],
    [12, 34],
    [2, 3],
  ],
  [
    [403, 103],
    [1, 2],
    [400, 50],
    [1, 2],
  ],
  [
    [100, 90, 5],
    [0, 40, 1],
    [100, 50, 4],
    [1, 1, 1],
  ],
  [
    [30, 4, 50],
    [1, 0, 2],
    [20, 4, 3],
    [1, 1, 1],
  ],
  [
    [3, 4, 5],
    [1, 0, 2],
    [2, 4, 0],
    [1, 1, 1],
  ],
  [
    [3, 4, 5],
    [1, 0, 2],
    [1, 4, 3],
    [1, 1, 1],
  ],
];

/** Of each axis: how many zeros come before, after and between. */
const PADDED: readonly [Shape, low: number[], high: number[], interior: number[]][] = [
  [[], [], [], []],
  [[3], [1], [2], [0]],
  [[3], [0], [2], [2]],
  [[300], [0], [2], [2]],
  [
    [150, 131],
    [1, 0],
    [0, 3],
    [0, 2],
  ],
  [
    [90, 70, 3],
    [0, 1, 1],
    [0, 0, 0],
    [0, 0, 0],
  ],
  [[0], [1], [2], [1]],
  [
    [7, 50],
    [1, 0],
    [0, 3],
    [1, 0],
  ],
  [
    [9, 17, 4],
    [0, 1, 2],
    [1, 0, 1],
    [0, 2, 1],
  ],
];

const JOINED: readonly Shape[] = [
  [2, 3, 4],
  [20, 30, 1],
  [3, 1, 200],
  [140, 131, 1],
];

interface Window {
  readonly shape: Shape;
  readonly out: Shape;
  readonly attrs: Readonly<Record<'axes' | 'window' | 'strides' | 'dilations', readonly number[]>>;
}

/** Windows along axes of x, and where these lie. */
export const WINDOWS: readonly Window[] = (
  [
    [[7], [0], [3], [1], [1]],
    [[9], [0], [3], [2], [2]],
    [
      [2, 6, 7, 3],
      [1, 2],
      [2, 3],
      [1, 2],
      [2, 1],
    ],
    [[4, 5], [1], [1], [1], [1]],
    [[300, 60], [1], [7], [1], [1]],
    [
      [2, 100, 90, 2],
      [1, 2],
      [2, 3],
      [1, 2],
      [2, 1],
    ],
  ] as [Shape, axes: number[], window: number[], strides: number[], dilations: number[]][]
).map(([shape, axes, window, strides, dilations]) => {
  const out: number[] = [...shape];
  for (const [i, axis] of axes.entries()) {
    out[axis] = Math.floor((shape[axis] - dilations[i] * (window[i] - 1) - 1) / strides[i]) + 1;
  }
  return { shape, out, attrs: { axes, window, strides, dilations } };
});

/** Copies between regions that are not exchanges of axes. */
export const rearrangementCalls: Calls = {
  *broadcastTo(random, dtype) {
    for (const [from, shape] of REPEATED) yield ['broadcastTo', [random(from, dtype)], { shape }, { shape, dtype }];
  },

  *reverse(random, dtype) {
    for (const [shape, ...list] of REVERSED) {
      for (const axes of list) yield ['reverse', [random(shape, dtype)], { axes }, { shape, dtype }];
    }
  },

  *slice(random, dtype) {
    for (const [shape, begin, size, strides] of SLICED) {
      yield ['slice', [random(shape, dtype)], { begin, size, strides }, { shape: size, dtype }];
    }
  },

  *pad(random, dtype) {
    for (const [shape, low, high, interior] of PADDED) {
      const out = shape.map((n, i) => low[i] + n + high[i] + Math.max(n - 1, 0) * interior[i]);
      yield ['pad', [random(shape, dtype)], { low, high, interior }, { shape: out, dtype }];
    }
  },

  *concat(random, dtype) {
    for (const shape of JOINED) {
      for (const axis of shape.keys()) {
        const along = (length: number): number[] => shape.map((n, i) => (i === axis ? length : n));
        const parts = [shape[axis], 0, shape[axis] + 1].map((length) => random(along(length), dtype));
        yield ['concat', parts, { axis }, { shape: along(2 * shape[axis] + 1), dtype }];
      }
    }
    yield ['concat', [random([7], dtype)], { axis: 0 }, { shape: [7], dtype }];
  },

  *unfold(random, dtype) {
    for (const { shape, out, attrs } of WINDOWS) {
      yield ['unfold', [random(shape, dtype)], attrs, { shape: [...out, ...attrs.window], dtype }];
    }
  },
};
