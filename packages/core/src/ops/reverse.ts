import { type TensorLike, toTensor } from '../convert.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { normalizeAxes } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';

/** Attributes of `reverse`: ascending axes. */
export interface Reverse {
  readonly axes: readonly number[];
}

export const reverseOp: OpFunction<readonly [x: Tensor], Reverse, Tensor> = linear('reverse', {
  infer: ([x]) => x,
  transpose: (g, _inputs, attrs) => reverseOp([g], attrs),
});

/**
 * `x` with the elements along `axis` (default: all axes) in the opposite order.
 * @example
 * reverse([1, 2, 3]).print(); // [3, 2, 1]
 */
export function reverse(x: TensorLike, axis?: number | readonly number[] | null): SameRank {
  const tensor = toTensor('reverse', x);
  return reverseOp([tensor], { axes: normalizeAxes('reverse', axis, tensor.shape) });
}

export const reverseSamples: Samples<typeof reverse> = ({ uniform, bools }) => [
  [uniform([2, 3])],
  [uniform([2, 3, 4]), 1],
  [uniform([2, 3, 4]), [-1, 0]],
  [uniform([2, 3]), []],
  [uniform([0, 3]), 1],
  [uniform([])],
  [bools([3])],
];

export const reverseSpace: Space<typeof reverse> = ({ tensor, shape, axes }) => {
  const lengths = shape();
  return [tensor(lengths), axes(lengths.length)];
};

export const reverseBadSamples: BadSamples<typeof reverse> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2], error: 'ShapeError', names: ['reverse', '2', '[2,3]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['reverse', 'null'] },
];
