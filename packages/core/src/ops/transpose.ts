import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { like, linear } from '../op/linear.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { normalizeAxis, type Shape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { aliasOp } from './alias.ts';
import { reshaped } from './reshape.ts';

/** Attributes of `transpose`: axis i of the output is axis `perm[i]` of the input. */
export interface Transpose {
  readonly perm: readonly number[];
}

export const transposeOp: OpFunction<readonly [x: Tensor], Transpose, Tensor> = linear('transpose', {
  infer: ([x], { perm }) => like(x, permute(x.shape, perm)),
  transpose: (g, _inputs, { perm }) => permuted(g, inverse(perm)),
});

function permute(shape: Shape, perm: readonly number[]): number[] {
  return perm.map((axis) => shape[axis]);
}

function inverse(perm: readonly number[]): number[] {
  return perm.map((_, axis) => perm.indexOf(axis));
}

/**
 * `x` with its axes in the order `perm`. Where only axes of length 1 move, so that the elements keep their order, it
 * shares the memory of `x` or is `x` itself. For rules.
 */
export function permuted(x: Tensor, perm: readonly number[]): Tensor {
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  const inOrder = moving.every((axis, i) => i === 0 || moving[i - 1] < axis);
  return inOrder ? reshaped(x, permute(x.shape, perm)) : transposeOp([x], { perm });
}

/** `x` with the last two axes exchanged. For rules. */
export function matrixTransposed(x: Tensor): Tensor {
  const perm = x.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return permuted(x, perm);
}

/**
 * `x` with its axes in the order `perm` (default: reversed).
 * @example
 * transpose([[1, 2], [3, 4]]).print(); // [[1, 3], [2, 4]]
 */
export function transpose(x: TensorLike, perm?: readonly number[] | null): SameRank {
  const tensor = toTensor('transpose', x);
  const y = permuted(tensor, order(tensor.shape, perm));
  return y === tensor ? aliasOp([y], NO_ATTRS) : y;
}

function order(shape: Shape, perm: readonly number[] | null | undefined): number[] {
  if (perm === undefined || perm === null) return shape.map((_, i) => shape.length - 1 - i);
  const axes = perm.map((axis) => normalizeAxis('transpose', axis, shape));
  if (axes.length !== shape.length || new Set(axes).size !== axes.length) {
    throw new ShapeError(`transpose: ${showShape(perm)} is not a permutation of the axes of shape ${showShape(shape)}`);
  }
  return axes;
}

export const transposeSamples: Samples<typeof transpose> = ({ uniform, bools }) => [
  [uniform([2, 3])],
  [uniform([2, 3, 4]), [1, 2, 0]],
  [uniform([2, 3, 4]), [-1, 0, 1]],
  [uniform([2, 1, 3]), [1, 0, 2]],
  [uniform([2, 3]), [0, 1]],
  [uniform([2, 3, 2, 2]), [0, 2, 3, 1]],
  [uniform([0, 3]), [1, 0]],
  [uniform([])],
  [bools([2, 3])],
];

export const transposeSpace: Space<typeof transpose> = ({ tensor, shape, order, pick }) => {
  const lengths = shape();
  const perm = order(lengths.length).map((i) => i - pick(0, lengths.length));
  return [tensor(lengths), pick(undefined, null, perm, perm)];
};

export const transposeBadSamples: BadSamples<typeof transpose> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), [0]], error: 'ShapeError', names: ['transpose', '[0]', '[2,3]'] },
  { args: [uniform([2, 3]), [0, 0]], error: 'ShapeError', names: ['transpose', '[0,0]', '[2,3]'] },
  { args: [uniform([2, 3]), [0, 2]], error: 'ShapeError', names: ['transpose', '2', '[2,3]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['transpose', 'null'] },
];
