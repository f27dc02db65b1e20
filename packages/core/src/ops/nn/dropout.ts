import { type TensorLike, toTensor } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { randomStream, type Seed } from '../../create/random.ts';
import { convertValues, isFloating } from '../../dtype.ts';
import { ArgumentError, DTypeError } from '../../errors.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { checkShape, sizeOf } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import { fitting } from '../comparison.ts';
import { mul } from '../pointwise.ts';

/**
 * `x` with each element 0 with probability `rate`, and divided by 1 - rate otherwise, so that the expected value stays.
 * `noiseShape` broadcasts against `x`, and what it repeats is kept or dropped together; its null entries are the lengths
 * of `x`. The same seed drops the same elements on every backend.
 * @example
 * dropout([1, 1, 1, 1], 0.5, null, 3).print(); // [2, 2, 0, 0]
 */
export function dropout(
  x: TensorLike,
  rate: number,
  noiseShape?: readonly (number | null)[] | null,
  seed?: Seed,
): SameRank {
  const tensor = toTensor('dropout', x);
  if (!isFloating(tensor.dtype)) throw new DTypeError(`dropout: x is scaled and must be float, got ${tensor.dtype}`);
  if (!(rate >= 0 && rate < 1)) throw new ArgumentError(`dropout: rate ${rate} must be in [0, 1)`);
  const shape = noiseShape ? noiseShape.map((n, i) => n ?? tensor.shape[i]) : tensor.shape;
  checkShape('dropout', shape);
  const factors = randomStream('dropout', seed).uniforms(sizeOf(shape));
  for (let i = 0; i < factors.length; i++) factors[i] = factors[i] < rate ? 0 : 1 / (1 - rate);
  const noise = hostTensor('dropout', tensor.backend, convertValues(factors, tensor.dtype), shape, tensor.dtype);
  return mul(...fitting('dropout', tensor, noise));
}

export const dropoutSamples: Samples<typeof dropout> = ({ uniform }) => [
  [uniform([4, 3]), 0.5, null, 7],
  [uniform([4, 3]), 0.25, [4, 1], 8],
  [uniform([2, 3, 2]), 0.5, [null, 1, null], 9],
  [uniform([3]), 0],
  [uniform([]), 0.5, [], 1],
  [uniform([0, 2]), 0.5],
];

export const dropoutSpace: Space<typeof dropout> = ({ uniform, shape, int, pick }) => {
  const lengths = shape();
  const noise = pick(
    undefined,
    null,
    lengths.map((n) => pick(n, 1, null)),
  );
  return [uniform(lengths), pick(0.5, 0, 0.25), noise, int(1, 99)];
};

export const dropoutBadSamples: BadSamples<typeof dropout> = ({ uniform, indices, wrong }) => [
  { args: [uniform([2]), 1], error: 'ArgumentError', names: ['dropout', 'rate', '1'] },
  { args: [uniform([2]), -0.1], error: 'ArgumentError', names: ['dropout', '-0.1'] },
  { args: [indices([2], 3), 0.5], error: 'DTypeError', names: ['dropout', 'int32'] },
  { args: [uniform([2]), 0.5, [3]], error: 'ShapeError', names: ['dropout', '[2]', '[3]'] },
  { args: [uniform([2]), 0.5, null, NaN], error: 'ArgumentError', names: ['dropout', 'NaN'] },
  { args: [wrong(null), 0.5], error: 'ArgumentError', names: ['dropout', 'null'] },
];
