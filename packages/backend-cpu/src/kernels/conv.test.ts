import { createReferenceBackend } from '@wengert/backend-reference';
import type { DType } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, NUMBERS, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 512);

interface Case {
  readonly x: number[];
  readonly filter: number[];
  readonly strides?: number[];
  readonly pads?: [number, number][];
  readonly dilations?: number[];
  readonly inputDilations?: number[];
}

/** Compares one convolution; what is not given is 1, or 0 for the padding. */
function check(dtype: DType, { x, filter, ...given }: Case): void {
  const axes = x.slice(2, -1);
  const ones = axes.map(() => 1);
  const { strides = ones, dilations = ones, inputDilations = ones, pads = axes.map(() => [0, 0]) } = given;
  const spatial = axes.map((n, i) => {
    const length = inputDilations[i] * (n - 1) + 1 + pads[i][0] + pads[i][1];
    return Math.max(0, Math.floor((length - dilations[i] * (filter[i + 1] - 1) - 1) / strides[i]) + 1);
  });
  const shape = [x[0], x[1], ...spatial, filter[filter.length - 1]];
  const attrs = { strides, pads, dilations, inputDilations };
  agree('conv', [random(x, dtype), random(filter, dtype)], attrs, { shape, dtype });
}

const CASES: Case[] = [
  { x: [1, 2, 9, 3], filter: [1, 3, 3, 4], pads: [[1, 1]] },
  { x: [2, 3, 8, 9, 3], filter: [2, 3, 2, 3, 5] },
  {
    x: [1, 2, 9, 8, 3],
    filter: [1, 3, 3, 3, 5],
    strides: [2, 3],
    pads: [
      [1, 2],
      [0, 1],
    ],
    dilations: [2, 1],
  },
  {
    x: [2, 2, 6, 5, 2],
    filter: [2, 3, 3, 2, 3],
    strides: [1, 2],
    pads: [
      [2, 2],
      [-1, 2],
    ],
    inputDilations: [2, 3],
  },
  {
    x: [1, 2, 6, 7, 2],
    filter: [1, 2, 2, 2, 3],
    pads: [
      [-2, -1],
      [-1, -2],
    ],
  },
  {
    x: [4, 2, 5, 6, 1],
    filter: [4, 3, 3, 1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ],
  },
  {
    x: [1, 1, 4, 5, 6, 2],
    filter: [1, 2, 2, 3, 2, 3],
    strides: [1, 2, 1],
    dilations: [1, 1, 2],
    inputDilations: [1, 2, 1],
  },
  {
    x: [2, 2, 4, 3, 4, 2],
    filter: [2, 2, 3, 3, 2, 3],
    pads: [
      [0, 1],
      [1, 1],
      [1, 0],
    ],
    inputDilations: [2, 1, 3],
  },
  {
    x: [1, 1, 20, 20, 40],
    filter: [1, 3, 3, 40, 9],
    pads: [
      [1, 1],
      [1, 1],
    ],
  },
  { x: [1, 0, 5, 5, 2], filter: [1, 3, 3, 2, 3] },
  { x: [1, 2, 5, 5, 0], filter: [1, 3, 3, 0, 3] },
];

// How many channels and outputs there are decides between two ways of computing.
for (const [amount, more] of [
  ['few', 0],
  ['many', 7],
] as const) {
  it(`conv of ${amount} outputs`, () => {
    for (const dtype of NUMBERS) {
      for (const { filter, ...rest } of CASES) {
        check(dtype, { filter: [...filter.slice(0, -1), filter[filter.length - 1] + more], ...rest });
      }
    }
  });

  it(`every combination of steps along one axis, ${amount} outputs`, () => {
    for (const stride of [1, 2, 3]) {
      for (const dilation of [1, 2, 3, 4]) {
        for (const inputDilation of [1, 2, 3, 4]) {
          for (const pad of [
            [0, 0],
            [3, 1],
            [-1, 2],
            [8, -2],
          ] as [number, number][]) {
            check('float32', {
              x: [1, 2, 7, 2],
              filter: [1, 3, 2, 2 + more],
              strides: [stride],
              dilations: [dilation],
              inputDilations: [inputDilation],
              pads: [pad],
            });
          }
        }
      }
    }
  });
}

it('conv2d is conv of one group', () => {
  const [x, filter] = [random([2, 7, 8, 3], 'float32'), random([3, 2, 3, 5], 'float32')];
  const attrs = {
    strides: [2, 1],
    pads: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 2],
  };
  const [actual] = run(cpu, 'conv2d', [x, filter], attrs, [{ shape: [2, 4, 7, 5], dtype: 'float32' }]);
  const grouped = [x, filter].map((input) => ({ ...input, shape: [1, ...input.shape] }));
  const [expected] = run(cpu, 'conv', grouped, { ...attrs, inputDilations: [1, 1] }, [
    { shape: [1, 2, 4, 7, 5], dtype: 'float32' },
  ]);
  expect(actual).toEqual(expected);
});
