import type { DType } from '@wengert/core/functions';
import type { Call, Calls, Random } from '../agreement.ts';

type Pad = readonly [before: number, after: number];

/** A convolution; what is not given is 1, or 0 for the padding. */
export interface Convolution {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly Pad[];
  readonly dilations?: readonly number[];
  readonly inputDilations?: readonly number[];
}

const ONE: Pad = [1, 1];
const AROUND = [ONE, ONE];

/** One convolution of random values. */
export function convCall(random: Random, dtype: DType, { x, filter, ...given }: Convolution): Call {
  const axes = x.slice(2, -1);
  const ones = axes.map(() => 1);
  const { strides = ones, dilations = ones, inputDilations = ones, pads = axes.map((): Pad => [0, 0]) } = given;
  const spatial = axes.map((n, i) => {
    const length = inputDilations[i] * (n - 1) + 1 + pads[i][0] + pads[i][1];
    return Math.max(0, Math.floor((length - dilations[i] * (filter[i + 1] - 1) - 1) / strides[i]) + 1);
  });
  const shape = [x[0], x[1], ...spatial, filter[filter.length - 1]];
  const attrs = { strides, pads, dilations, inputDilations };
  return ['conv', [random(x, dtype), random(filter, dtype)], attrs, { shape, dtype }];
}

/** A few channels into a few more. */
const FEW: readonly Convolution[] = [
  { x: [1, 2, 9, 3], filter: [1, 3, 3, 4], pads: [ONE] },
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
  { x: [4, 2, 5, 6, 1], filter: [4, 3, 3, 1, 1], pads: AROUND },
  {
    x: [1, 1, 4, 5, 6, 2],
    filter: [1, 2, 2, 3, 2, 3],
    strides: [1, 2, 1],
    dilations: [1, 1, 2],
    inputDilations: [1, 2, 1],
  },
  { x: [2, 2, 4, 3, 4, 2], filter: [2, 2, 3, 3, 2, 3], pads: [[0, 1], ONE, [1, 0]], inputDilations: [2, 1, 3] },
  { x: [1, 1, 20, 20, 40], filter: [1, 3, 3, 40, 9], pads: AROUND },
  { x: [1, 0, 5, 5, 2], filter: [1, 3, 3, 2, 3] },
  { x: [1, 2, 5, 5, 0], filter: [1, 3, 3, 0, 3] },
];

/** From c channels. */
const from = (c: number): readonly Convolution[] => [
  { x: [1, 2, 12, 13, c], filter: [1, 3, 3, c, 9], pads: AROUND },
  {
    x: [2, 3, 11, 9, c],
    filter: [2, 3, 2, c, 12],
    strides: [2, 1],
    pads: [
      [0, 1],
      [2, 0],
    ],
    dilations: [1, 2],
  },
  {
    x: [1, 3, 9, 8, c],
    filter: [1, 4, 3, c, 8],
    inputDilations: [2, 3],
    pads: [
      [3, 2],
      [-1, 2],
    ],
  },
  { x: [1, 4, 60, c], filter: [1, 5, c, 7], strides: [3], pads: [[-2, 4]] },
  { x: [1, 1, 7, 6, 8, c], filter: [1, 2, 3, 3, c, 6], pads: [[0, 1], ONE, [1, 0]], strides: [1, 2, 1] },
];

/** All steps along one axis, into `outputs` channels. */
function* steps(outputs: number): Iterable<Convolution> {
  for (const stride of [1, 2, 3]) {
    for (const dilation of [1, 2, 3, 4]) {
      for (const inputDilation of [1, 2, 3, 4]) {
        for (const pad of [
          [0, 0],
          [3, 1],
          [-1, 2],
          [8, -2],
        ] as const) {
          yield {
            x: [1, 2, 7, 2],
            filter: [1, 3, 2, outputs],
            strides: [stride],
            dilations: [dilation],
            inputDilations: [inputDilation],
            pads: [pad],
          };
        }
      }
    }
  }
}

/** With so many more outputs: how many there are decides between ways of computing. */
const wider = ({ filter, ...rest }: Convolution): Convolution => ({
  ...rest,
  filter: [...filter.slice(0, -1), filter[filter.length - 1] + 7],
});

const each = (cases: Iterable<Convolution>): Calls[string] =>
  function* calls(random, dtype) {
    for (const one of cases) yield convCall(random, dtype, one);
  };

/** Convolutions. */
export const convCalls: Calls = {
  'convolves forward and back, with steps, borders and groups': each([1, 2, 3, 5, 16].flatMap(from)),
  'convolves into few outputs': each(FEW),
  'convolves into many outputs': each(FEW.map(wider)),
  'takes all steps along one axis': each([...steps(2), ...steps(9)]),
  'takes blocks where lines, windows or batches are long': each([
    { x: [1, 1, 3000, 2], filter: [1, 3, 2, 4], pads: [ONE] },
    { x: [1, 6, 30, 31, 20], filter: [1, 28, 29, 20, 5], pads: AROUND },
    { x: [1, 40, 9, 9, 70], filter: [1, 3, 3, 70, 33], pads: AROUND },
  ]),
  'joins lines and images that follow each other': each([
    { x: [1, 3, 7, 5, 12], filter: [1, 1, 1, 12, 20] },
    { x: [2, 3, 6, 5, 12], filter: [2, 2, 5, 12, 9], strides: [2, 1] },
    { x: [1, 3, 6, 5, 12], filter: [1, 1, 1, 12, 9], strides: [2, 2] },
  ]),
  'sums over nothing': each([
    { x: [1, 40, 9, 9, 0], filter: [1, 3, 3, 0, 33], pads: AROUND },
    { x: [1, 3, 5, 5, 4], filter: [1, 1, 1, 4, 64], inputDilations: [3, 3], pads: AROUND },
  ]),
};
