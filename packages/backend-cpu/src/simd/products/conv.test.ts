import { expect, it } from 'vitest';
import { agreement, generator, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const random = generator(6);
const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 1, 2 ** 29 * 40);

interface Case {
  readonly x: number[];
  readonly filter: number[];
  readonly strides?: number[];
  readonly pads?: [number, number][];
  readonly dilations?: number[];
  readonly inputDilations?: number[];
}

/** Compares one convolution; what is not given is 1, or 0 for the padding. */
function check({ x, filter, ...given }: Case): void {
  const axes = x.slice(2, -1);
  const ones = axes.map(() => 1);
  const { strides = ones, dilations = ones, inputDilations = ones, pads = axes.map(() => [0, 0]) } = given;
  const spatial = axes.map((n, i) => {
    const length = inputDilations[i] * (n - 1) + 1 + pads[i][0] + pads[i][1];
    return Math.max(0, Math.floor((length - dilations[i] * (filter[i + 1] - 1) - 1) / strides[i]) + 1);
  });
  const out = { shape: [x[0], x[1], ...spatial, filter[filter.length - 1]], dtype: 'float32' as const };
  agree('conv', [random(x, 'float32'), random(filter, 'float32')], { strides, pads, dilations, inputDilations }, out);
}

const ONE: [number, number] = [1, 1];

it('convolves forward and back, with steps, borders and groups', () => {
  for (const c of [1, 2, 3, 5, 16]) {
    check({ x: [1, 2, 12, 13, c], filter: [1, 3, 3, c, 9], pads: [ONE, ONE] });
    check({
      x: [2, 3, 11, 9, c],
      filter: [2, 3, 2, c, 12],
      strides: [2, 1],
      pads: [
        [0, 1],
        [2, 0],
      ],
      dilations: [1, 2],
    });
    check({
      x: [1, 3, 9, 8, c],
      filter: [1, 4, 3, c, 8],
      inputDilations: [2, 3],
      pads: [
        [3, 2],
        [-1, 2],
      ],
    });
    check({ x: [1, 4, 60, c], filter: [1, 5, c, 7], strides: [3], pads: [[-2, 4]] });
    check({ x: [1, 1, 7, 6, 8, c], filter: [1, 2, 3, 3, c, 6], pads: [[0, 1], ONE, [1, 0]], strides: [1, 2, 1] });
  }
});

it('takes blocks where lines, windows or batches are long', () => {
  check({ x: [1, 1, 3000, 2], filter: [1, 3, 2, 4], pads: [ONE] });
  check({ x: [1, 6, 30, 31, 20], filter: [1, 28, 29, 20, 5], pads: [ONE, ONE] });
  check({ x: [1, 40, 9, 9, 70], filter: [1, 3, 3, 70, 33], pads: [ONE, ONE] });
});

it('joins lines and images that follow each other', () => {
  check({ x: [1, 3, 7, 5, 12], filter: [1, 1, 1, 12, 20] });
  check({ x: [2, 3, 6, 5, 12], filter: [2, 2, 5, 12, 9], strides: [2, 1] });
  check({ x: [1, 3, 6, 5, 12], filter: [1, 1, 1, 12, 9], strides: [2, 2] });
});

it('sums over nothing', () => {
  check({ x: [1, 40, 9, 9, 0], filter: [1, 3, 3, 0, 33], pads: [ONE, ONE] });
  check({ x: [1, 3, 5, 5, 4], filter: [1, 1, 1, 4, 64], inputDilations: [3, 3], pads: [ONE, ONE] });
});

it('multiplies nothing by what lies around x', () => {
  const x = { shape: [1, 6, 6, 8], dtype: 'float32' as const, data: new Float32Array(288).fill(1) };
  const filter = { shape: [3, 3, 8, 8], dtype: 'float32' as const, data: new Float32Array(576).fill(1) };
  filter.data.fill(Infinity, 0, 8);
  const windows = {
    strides: [1, 1],
    dilations: [1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ],
  };
  for (const simd of [true, false]) {
    const [values] = run(createCpuBackend({ simd }), 'conv2d', [x, filter], windows, [x]);
    // The first row and the first column do not see the corner of the filter.
    expect([values[0], values[6 * 8], values[7 * 8]]).toEqual([32, 48, Infinity]);
  }
});
