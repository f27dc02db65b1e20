import { backendOf, type TensorLike, toTensor } from './convert.ts';
import { ShapeError } from './errors.ts';
import { concat, pad, reverse, slice } from './generated/ops.ts';
import type { Rest } from './method.ts';
import type { NestedLike } from './nested.ts';
import { scoped } from './opScope.ts';
import type { Rank } from './rank.ts';
import { showShape } from './shape.ts';
import type { Tensor } from './tensor.ts';
import type { Tensor1D } from './tfjsTypes.ts';
import { arraysEqualWithNull } from './util/shapes.ts';

/** A function of tensors of rank `R`. */
type OfRank<F, R extends Rank> = (x: TensorLike, ...rest: Rest<F>) => Tensor<R>;
type Concat<R extends Rank> = (tensors: readonly TensorLike[], axis?: number) => Tensor<R>;

// tfjs's names of functions for tensors of one rank: the general function, and an error where the rank is another.

function checked(name: string, rank: number, x: TensorLike): Tensor {
  const tensor = toTensor(name, x);
  if (tensor.rank === rank) return tensor;
  throw new ShapeError(`${name}: a tensor of rank ${rank} is needed, this has shape ${showShape(tensor.shape)}`);
}

/* @__NO_SIDE_EFFECTS__ */
function ofRank<R extends Rank, P extends unknown[]>(
  name: string,
  rank: number,
  f: (x: TensorLike, ...rest: P) => Tensor,
): (x: TensorLike, ...rest: P) => Tensor<R> {
  return scoped((x: TensorLike, ...rest: P) => f(checked(name, rank, x), ...rest) as Tensor<R>);
}

/* @__NO_SIDE_EFFECTS__ */
function concatOfRank<R extends Rank>(name: string, rank: number): Concat<R> {
  return scoped((tensors: readonly TensorLike[], axis?: number): Tensor<R> => {
    const isList = Array.isArray(tensors);
    const backend = isList ? backendOf(tensors) : undefined;
    return concat(
      isList ? tensors.map((x) => checked(name, rank, toTensor(name, x, backend))) : tensors,
      axis,
    ) as Tensor<R>;
  });
}

/**
 * `concat` of tensors of rank 1.
 * @example
 * concat1d([[1, 2], [3]]).print(); // [1, 2, 3]
 */
export const concat1d: (tensors: readonly TensorLike[]) => Tensor1D = /* @__PURE__ */ concatOfRank('concat1d', 1);

/**
 * `concat` of tensors of rank 2.
 * @example
 * concat2d([[[1], [2]], [[3], [4]]], 1).print(); // [[1, 3], [2, 4]]
 */
export const concat2d: Concat<Rank.R2> = /* @__PURE__ */ concatOfRank('concat2d', 2);

/**
 * `concat` of tensors of rank 3.
 * @example
 * concat3d([[[[1]]], [[[2]]]], 2).print(); // [[[1, 2]]]
 */
export const concat3d: Concat<Rank.R3> = /* @__PURE__ */ concatOfRank('concat3d', 3);

/**
 * `concat` of tensors of rank 4.
 * @example
 * concat4d([[[[[1]]]], [[[[2]]]]], 3).print(); // [[[[1, 2]]]]
 */
export const concat4d: Concat<Rank.R4> = /* @__PURE__ */ concatOfRank('concat4d', 4);

/**
 * `slice` of a tensor of rank 1.
 * @example
 * slice1d([1, 2, 3], 1, 2).print(); // [2, 3]
 */
export const slice1d: OfRank<typeof slice, Rank.R1> = /* @__PURE__ */ ofRank('slice1d', 1, slice);

/**
 * `slice` of a tensor of rank 2.
 * @example
 * slice2d([[1, 2], [3, 4]], [1, 0], [1, 2]).print(); // [[3, 4]]
 */
export const slice2d: OfRank<typeof slice, Rank.R2> = /* @__PURE__ */ ofRank('slice2d', 2, slice);

/**
 * `slice` of a tensor of rank 3.
 * @example
 * slice3d([[[1, 2], [3, 4]]], [0, 1, 0], [1, 1, 2]).print(); // [[[3, 4]]]
 */
export const slice3d: OfRank<typeof slice, Rank.R3> = /* @__PURE__ */ ofRank('slice3d', 3, slice);

/**
 * `slice` of a tensor of rank 4.
 * @example
 * slice4d([[[[1, 2], [3, 4]]]], [0, 0, 1, 0], [1, 1, 1, 2]).print(); // [[[[3, 4]]]]
 */
export const slice4d: OfRank<typeof slice, Rank.R4> = /* @__PURE__ */ ofRank('slice4d', 4, slice);

/**
 * `reverse` of a tensor of rank 1.
 * @example
 * reverse1d([1, 2]).print(); // [2, 1]
 */
export const reverse1d: (x: TensorLike) => Tensor1D = /* @__PURE__ */ ofRank('reverse1d', 1, (x) => reverse(x, 0));

/**
 * `reverse` of a tensor of rank 2.
 * @example
 * reverse2d([[1, 2], [3, 4]], 1).print(); // [[2, 1], [4, 3]]
 */
export const reverse2d: OfRank<typeof reverse, Rank.R2> = /* @__PURE__ */ ofRank('reverse2d', 2, reverse);

/**
 * `reverse` of a tensor of rank 3.
 * @example
 * reverse3d([[[1, 2], [3, 4]]], 2).print(); // [[[2, 1], [4, 3]]]
 */
export const reverse3d: OfRank<typeof reverse, Rank.R3> = /* @__PURE__ */ ofRank('reverse3d', 3, reverse);

/**
 * `reverse` of a tensor of rank 4.
 * @example
 * reverse4d([[[[1, 2], [3, 4]]]], 3).print(); // [[[[2, 1], [4, 3]]]]
 */
export const reverse4d: OfRank<typeof reverse, Rank.R4> = /* @__PURE__ */ ofRank('reverse4d', 4, reverse);

/**
 * `pad` of a tensor of rank 1, whose one pair stands by itself.
 * @example
 * pad1d([1, 2], [1, 2]).print(); // [0, 1, 2, 0, 0]
 */
export const pad1d: (x: TensorLike, paddings: readonly [before: number, after: number], value?: number) => Tensor1D =
  /* @__PURE__ */ ofRank('pad1d', 1, (x, paddings: readonly [number, number], value?: number) =>
    pad(x, [paddings], value),
  );

/**
 * `pad` of a tensor of rank 2.
 * @example
 * pad2d([[1]], [[0, 1], [1, 0]]).print(); // [[0, 1], [0, 0]]
 */
export const pad2d: OfRank<typeof pad, Rank.R2> = /* @__PURE__ */ ofRank('pad2d', 2, pad);

/**
 * `pad` of a tensor of rank 3.
 * @example
 * pad3d([[[1]]], [[0, 0], [0, 1], [1, 0]]).print(); // [[[0, 1], [0, 0]]]
 */
export const pad3d: OfRank<typeof pad, Rank.R3> = /* @__PURE__ */ ofRank('pad3d', 3, pad);

/**
 * `pad` of a tensor of rank 4.
 * @example
 * pad4d([[[[1]]]], [[0, 0], [0, 0], [0, 1], [1, 0]]).print(); // [[[[0, 1], [0, 0]]]]
 */
export const pad4d: OfRank<typeof pad, Rank.R4> = /* @__PURE__ */ ofRank('pad4d', 4, pad);

/**
 * `x`, if it has that shape, where null stands for any length. Throws `ShapeError` if not.
 * @example
 * ensureShape([[1, 2]], [null, 2]).print(); // [[1, 2]]
 */
export function ensureShape<T extends Tensor = Tensor>(x: T | NestedLike, shape: readonly (number | null)[]): T {
  const tensor = toTensor('ensureShape', x);
  if (arraysEqualWithNull(tensor.shape, shape)) return tensor as T;
  throw new ShapeError(`ensureShape: shape ${showShape(tensor.shape)} is not ${JSON.stringify(shape)}`);
}
