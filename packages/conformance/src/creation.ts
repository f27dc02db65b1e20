import {
  type Declaration,
  eye,
  fill,
  linspace,
  ones,
  randomGamma,
  randomNormal,
  randomStandardNormal,
  randomUniform,
  randomUniformInt,
  range,
  truncatedNormal,
  zeros,
} from '@wengert/core';
import type { Space } from '@wengert/core/samples';

/** A function that makes a tensor of numbers alone; of random ones with a seed, which gives the same on every backend. */
function creating<F extends Declaration['f']>(name: string, f: F, space: Space<F>): Declaration {
  return { name, f, samples: () => [], space };
}

/** The functions that take no tensor, with the calls that are generated of them. */
export const creation: readonly Declaration[] = [
  creating('fill', fill, ({ shape, pick, dtypes }) => [
    shape(),
    pick(0, 1, -2.5, 3e9, NaN, Infinity, true),
    pick(undefined, ...dtypes),
  ]),
  creating('zeros', zeros, ({ shape, pick, dtypes }) => [shape(), pick(undefined, ...dtypes)]),
  creating('ones', ones, ({ shape, pick, dtypes }) => [shape(), pick(undefined, ...dtypes)]),
  creating('eye', eye, ({ length, shape, pick, dtypes }) => [
    length(),
    pick(undefined, length()),
    pick(undefined, null, shape(0, 2)),
    pick(undefined, ...dtypes),
  ]),
  creating('linspace', linspace, ({ int, pick }) => [int(-3, 3), pick(0.1, -2, 7), int(0, 9)]),
  creating('range', range, ({ int, pick, dtypes }) => [
    int(-5, 5),
    int(-5, 5) / 2,
    pick(undefined, 1, -1, 0.3, -2, 0),
    pick(undefined, ...dtypes),
  ]),
  creating('randomUniform', randomUniform, ({ shape, int, pick, dtypes }) => [
    shape(),
    pick(undefined, 0, -3),
    pick(undefined, 1, 7.5),
    pick(undefined, ...dtypes),
    int(0, 99),
  ]),
  creating('randomNormal', randomNormal, ({ shape, int, pick, dtypes }) => [
    shape(),
    pick(undefined, -3),
    pick(undefined, 2.5),
    pick(undefined, ...dtypes),
    int(0, 99),
  ]),
  creating('truncatedNormal', truncatedNormal, ({ shape, int, pick, dtypes }) => [
    shape(),
    pick(undefined, -3),
    pick(undefined, 2.5),
    pick(undefined, ...dtypes),
    int(0, 99),
  ]),
  creating('randomStandardNormal', randomStandardNormal, ({ shape, int, pick, dtypes }) => [
    shape(),
    pick(undefined, ...dtypes),
    int(0, 99),
  ]),
  creating('randomUniformInt', randomUniformInt, ({ shape, int }) => [shape(), int(-9, 0), int(1, 9), int(0, 99)]),
  creating('randomGamma', randomGamma, ({ shape, int, pick, dtypes }) => [
    shape(),
    pick(0.5, 1, 4),
    pick(undefined, 2),
    pick(undefined, ...dtypes),
    int(0, 99),
  ]),
];
