import { createReferenceBackend } from '@wengert/backend-reference';

import { it } from 'vitest';
import { agreement, generator, NUMBERS } from '../agreement.ts';
import { createCpuBackend } from '../backend.ts';

const cpu = createCpuBackend();
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 512);

it('conv', () => {
  const cases: [number[], number[], number[], [number, number][], number[], number[]][] = [
    // x, filter, strides, pads, dilations, input dilations
    [[1, 2, 9, 3], [1, 3, 3, 4], [1], [[1, 1]], [1], [1]],
    [
      [2, 3, 8, 9, 3],
      [2, 3, 2, 3, 5],
      [1, 1],
      [
        [0, 0],
        [0, 0],
      ],
      [1, 1],
      [1, 1],
    ],
    [
      [1, 2, 9, 8, 3],
      [1, 3, 3, 3, 5],
      [2, 3],
      [
        [1, 2],
        [0, 1],
      ],
      [2, 1],
      [1, 1],
    ],
    [
      [1, 2, 6, 5, 2],
      [1, 3, 3, 2, 3],
      [1, 2],
      [
        [2, 2],
        [-1, 2],
      ],
      [1, 1],
      [2, 3],
    ],
    [
      [1, 2, 6, 7, 2],
      [1, 2, 2, 2, 3],
      [1, 1],
      [
        [-2, -1],
        [-1, -2],
      ],
      [1, 1],
      [1, 1],
    ],
    [
      [4, 2, 5, 6, 1],
      [4, 3, 3, 1, 1],
      [1, 1],
      [
        [1, 1],
        [1, 1],
      ],
      [1, 1],
      [1, 1],
    ],
    [
      [1, 1, 4, 5, 6, 2],
      [1, 2, 2, 3, 2, 3],
      [1, 2, 1],
      [
        [0, 1],
        [1, 1],
        [1, 0],
      ],
      [1, 1, 2],
      [1, 2, 1],
    ],
    [
      [1, 1, 20, 20, 40],
      [1, 3, 3, 40, 9],
      [1, 1],
      [
        [1, 1],
        [1, 1],
      ],
      [1, 1],
      [1, 1],
    ],
    [
      [1, 0, 5, 5, 2],
      [1, 3, 3, 2, 3],
      [1, 1],
      [
        [0, 0],
        [0, 0],
      ],
      [1, 1],
      [1, 1],
    ],
    [
      [1, 2, 5, 5, 0],
      [1, 3, 3, 0, 3],
      [1, 1],
      [
        [0, 0],
        [0, 0],
      ],
      [1, 1],
      [1, 1],
    ],
  ];
  for (const dtype of NUMBERS) {
    for (const [x, filter, strides, pads, dilations, inputDilations] of cases) {
      const spatial = x.slice(2, -1).map((n, i) => {
        const length = inputDilations[i] * (n - 1) + 1 + pads[i][0] + pads[i][1];
        return Math.floor((length - dilations[i] * (filter[i + 1] - 1) - 1) / strides[i]) + 1;
      });
      const shape = [x[0], x[1], ...spatial, filter[filter.length - 1]];
      const inputs = [random(x, dtype), random(filter, dtype)];
      agree('conv', inputs, { strides, pads, dilations, inputDilations }, { shape, dtype });
    }
  }
});
