import type { TensorLike } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { sameShape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { add } from './pointwise.ts';

export const addNOp: OpFunction<readonly Tensor[], NoAttrs, Tensor> = composite('addN', {
  infer: ([x]) => x,
  compose: ([first, ...rest]) => rest.reduce((total: Tensor, x) => add(total, x), first),
});

/**
 * The sum of a list of tensors of one shape.
 * @example
 * addN([[1, 2], [3, 4], [5, 6]]).print(); // [9, 12]
 */
export function addN(tensors: readonly TensorLike[]): SameRank {
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new ArgumentError('addN: needs an array of at least one tensor');
  const xs = operands('addN', tensors);
  const odd = xs.find((x) => !sameShape(x.shape, xs[0].shape));
  if (odd !== undefined) {
    throw new ShapeError(`addN: shapes ${showShape(xs[0].shape)} and ${showShape(odd.shape)} differ; use add`);
  }
  return addNOp(xs, NO_ATTRS);
}

export const addNSamples: Samples<typeof addN> = ({ uniform, indices }) => [
  [[uniform([2, 3]), uniform([2, 3]), uniform([2, 3])]],
  [[uniform([2])]],
  [[uniform([]), 0.5]],
  [[indices([3], 9), indices([3], 9)]],
  [[uniform([0]), uniform([0])]],
];

export const addNSpace: Space<typeof addN> = ({ uniform, shape, list, int }) => {
  const lengths = shape();
  return [list(int(1, 4), () => uniform(lengths))];
};

export const addNBadSamples: BadSamples<typeof addN> = ({ uniform, wrong }) => [
  { args: [[uniform([2, 3]), uniform([3])]], error: 'ShapeError', names: ['addN', '[2,3]', '[3]'] },
  { args: [[]], error: 'ArgumentError', names: ['addN'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['addN'] },
  { args: [[uniform([2]), wrong(null)]], error: 'ArgumentError', names: ['addN', 'null'] },
];
