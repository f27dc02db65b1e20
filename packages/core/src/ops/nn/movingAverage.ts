import type { TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { sameShape, showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import { divOp, sub } from '../arithmetic.ts';
import { add, mul } from '../pointwise.ts';
import { pow } from '../power.ts';

/**
 * The exponential moving average `v` moved on towards `x`: v + (x - v) * (1 - decay), with `zeroDebias` divided by what
 * an average that began at 0 has missed after `step` steps, 1 - decay^step.
 * @example
 * movingAverage([1], [3], 0.5, null, false).print(); // [2]
 */
export function movingAverage(
  v: TensorLike,
  x: TensorLike,
  decay: TensorLike,
  step?: TensorLike | null,
  zeroDebias = true,
): SameRank {
  const [average, value, rate] = operands('movingAverage', [v, x, decay], 'float');
  if (!sameShape(average.shape, value.shape) || rate.rank > 0) {
    throw new ShapeError(
      `movingAverage: v and x must have one shape, and decay is a number; got ${showShape(average.shape)}, ${showShape(value.shape)} and ${showShape(rate.shape)}`,
    );
  }
  const update = mul(sub(value, average), sub(1, rate));
  if (!zeroDebias) return add(average, update);
  if (step === undefined || step === null) throw new ArgumentError('movingAverage: zeroDebias needs a step');
  const [base, count] = operands('movingAverage', [rate, step], 'float');
  return add(average, divOp(update, sub(1, pow(base, count))));
}

export const movingAverageSamples: Samples<typeof movingAverage> = ({ uniform }) => [
  [uniform([2, 3]), uniform([2, 3]), 0.9, null, false],
  [uniform([3]), uniform([3]), uniform([], 0.5, 0.9), 2],
  [uniform([]), uniform([]), 0.6, uniform([], 1, 3)],
  [uniform([0]), uniform([0]), 0.5, 1],
];

export const movingAverageSpace: Space<typeof movingAverage> = ({ uniform, shape, pick }) => {
  const lengths = shape();
  const pair = [uniform(lengths), uniform(lengths), pick(0.9, uniform([], 0.5, 0.9))] as const;
  return pick([...pair, null, false], [...pair, 2], [...pair, uniform([], 1, 3), true], [...pair]);
};

export const movingAverageBadSamples: BadSamples<typeof movingAverage> = ({ uniform, wrong }) => [
  { args: [uniform([2]), uniform([3]), 0.5, 1], error: 'ShapeError', names: ['movingAverage', '[2]', '[3]'] },
  { args: [uniform([2]), uniform([2]), 0.5], error: 'ArgumentError', names: ['movingAverage', 'step'] },
  { args: [wrong(null), uniform([2]), 0.5, 1], error: 'ArgumentError', names: ['movingAverage', 'null'] },
];
