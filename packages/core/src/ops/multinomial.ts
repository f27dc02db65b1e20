import { type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { randomStream, type Seed } from '../create/random.ts';
import { convertValues } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { floatOperand } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { cumsumOp } from './cumsum.ts';
import { searchSortedOp } from './searchSorted.ts';
import { slicedAlong } from './slice.ts';
import { softmax } from './softmax.ts';

/**
 * `numSamples` int32 outcomes drawn from each distribution in the last axis: `logits`, or probabilities where they are
 * `normalized`. The same seed gives the same outcomes on every backend. They have no derivative.
 * @example
 * console.log(multinomial([[0, -100], [-100, 0]], 3, 1).arraySync()); // [[0, 0, 0], [1, 1, 1]]
 */
export function multinomial(logits: TensorLike, numSamples: number, seed?: Seed, normalized = false): Tensor {
  const given = floatOperand('multinomial', toTensor('multinomial', logits));
  const lead = given.shape.slice(0, -1);
  const outcomes = given.shape[lead.length];
  if (given.rank < 1 || given.rank > 2 || outcomes < 2) {
    throw new ShapeError(
      `multinomial: shape ${showShape(given.shape)} must be a vector or rows of at least two outcomes`,
    );
  }
  if (!Number.isInteger(numSamples) || numSamples < 0) {
    throw new ShapeError(`multinomial: numSamples ${numSamples} must be a non-negative integer`);
  }
  const shape = [...lead, numSamples];
  const drawn = randomStream('multinomial', seed).uniforms(sizeOf(shape));
  const points = hostTensor('multinomial', given.backend, convertValues(drawn, given.dtype), shape, given.dtype);
  const cumulative = cumsumOp([normalized ? given : softmax(given)], {
    axis: lead.length,
    exclusive: false,
    reverse: false,
  });
  // The last sum is 1 but for rounding: without it every point has an outcome.
  return searchSortedOp([slicedAlong(cumulative, lead.length, 0, outcomes - 1), points], {
    right: true,
  });
}

export const multinomialSamples: Samples<typeof multinomial> = ({ uniform }) => [
  [uniform([3]), 5, 1],
  [uniform([2, 4]), 6, 2],
  [[0.2, 0.5, 0.3], 8, 3, true],
  [uniform([2, 3]), 0, 4],
  [uniform([0, 2]), 3, 5],
];

export const multinomialSpace: Space<typeof multinomial> = ({ uniform, length, int, pick }) => {
  const [lengths, count, seed] = [pick([length(1)], [length(), length(1)]), int(0, 6), int(1, 99)];
  return pick([uniform(lengths, -2, 2), count, seed], [uniform(lengths, 0.1, 1), count, seed, true]);
};

export const multinomialBadSamples: BadSamples<typeof multinomial> = ({ uniform, wrong }) => [
  { args: [uniform([1]), 2], error: 'ShapeError', names: ['multinomial', '[1]'] },
  { args: [uniform([2, 2, 2]), 2], error: 'ShapeError', names: ['multinomial', '[2,2,2]'] },
  { args: [uniform([2]), -1], error: 'ShapeError', names: ['multinomial', '-1'] },
  { args: [uniform([2]), 1, NaN], error: 'ArgumentError', names: ['multinomial', 'NaN'] },
  { args: [wrong(null), 1], error: 'ArgumentError', names: ['multinomial', 'null'] },
];
