import { currentBackend, defaultFloat } from '../backends.ts';
import { toTensor } from '../convert.ts';
import { convertValues, type DType, type TypedArray } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { describe, flatten, isTypedArray, type NestedLike, naturalDType } from '../nested.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import { checkShape, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import type {
  Scalar,
  ScalarLike,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Tensor5D,
  Tensor6D,
  TensorLike1D,
  TensorLike2D,
  TensorLike3D,
  TensorLike4D,
  TensorLike5D,
  TensorLike6D,
} from '../tfjsTypes.ts';
import { hostTensor } from './host.ts';

/**
 * A tensor with the given values, on the selected backend. Flat values take `shape`; nested ones have their own, with
 * which a given one must agree. Numbers are of the backend's own float unless `dtype` says otherwise.
 * @example
 * tensor([1, 2, 3, 4], [2, 2]).print(); // [[1, 2], [3, 4]]
 */
export function tensor<R extends Rank = Rank>(values: NestedLike, shape?: ShapeOf<R>, dtype?: DType): Tensor<R> {
  return create('tensor', values, shape, dtype);
}

function create<R extends Rank>(
  op: string,
  values: NestedLike,
  shape: Shape | undefined,
  dtype: DType | undefined,
  rank?: number,
): Tensor<R> {
  if (values instanceof Tensor) {
    throw new ArgumentError(`${op}: the values are a tensor already; use clone(), cast() or reshape()`);
  }
  if (shape !== undefined) checkShape(op, shape);
  const nested = isNested(values);
  if (nested && shape === undefined) return ranked(op, toTensor(op, values, currentBackend(), dtype), rank);
  const flat = readFlat(op, values, shape);
  const own = flat.shape;
  const target = shape === undefined ? own : [...shape];
  if (sizeOf(own) !== sizeOf(target) || (own.length > 1 && !sameShape(own, target))) {
    throw new ShapeError(
      `${op}: values of shape ${showShape(own)} (${sizeOf(own)} elements) do not fit shape ${showShape(target)} (${sizeOf(target)})`,
    );
  }
  const backend = currentBackend();
  const type = dtype ?? naturalDType(values) ?? defaultFloat(backend);
  return ranked(op, hostTensor(op, backend, convertValues(flat.values, type), target, type), rank);
}

function isNested(values: unknown): boolean {
  return Array.isArray(values) && (Array.isArray(values[0]) || isTypedArray(values[0]));
}

function readFlat(
  op: string,
  values: NestedLike,
  shape: Shape | undefined,
): { values: ArrayLike<number | boolean>; shape: Shape } {
  if (isTypedArray(values)) return { values: values as TypedArray, shape: [values.length] };
  if (typeof values === 'number' || typeof values === 'boolean') return { values: [values], shape: shape ?? [] };
  if (!Array.isArray(values))
    throw new ArgumentError(`${op}: ${describe(values)} is not a number, a boolean or an array of them`);
  return flatten(op, values);
}

function ranked<R extends Rank>(op: string, x: Tensor, rank: number | undefined): Tensor<R> {
  if (rank === undefined || x.rank === rank) return x as Tensor<R>;
  const { shape } = x;
  x.dispose();
  throw new ShapeError(
    `${op}: the values have rank ${shape.length} (shape ${showShape(shape)}), not ${rank}; use tensor()`,
  );
}

/**
 * A tensor of rank 0.
 * @example
 * scalar(2.5).print(); // 2.5
 */
export function scalar(value: ScalarLike, dtype?: DType): Scalar {
  return create('scalar', value, undefined, dtype, 0);
}

/**
 * A tensor of rank 1.
 * @example
 * tensor1d([1, 2]).print(); // [1, 2]
 */
export function tensor1d(values: TensorLike1D, dtype?: DType): Tensor1D {
  return create('tensor1d', values, undefined, dtype, 1);
}

/**
 * A tensor of rank 2, from nested values, or flat ones and a shape.
 * @example
 * tensor2d([[1, 2], [3, 4]]).print(); // [[1, 2], [3, 4]]
 */
export function tensor2d(values: TensorLike2D, shape?: ShapeOf<Rank.R2>, dtype?: DType): Tensor2D {
  return create('tensor2d', values, shape, dtype, 2);
}

/**
 * A tensor of rank 3, from nested values, or flat ones and a shape.
 * @example
 * tensor3d([1, 2, 3, 4], [1, 2, 2]).print(); // [[[1, 2], [3, 4]]]
 */
export function tensor3d(values: TensorLike3D, shape?: ShapeOf<Rank.R3>, dtype?: DType): Tensor3D {
  return create('tensor3d', values, shape, dtype, 3);
}

/**
 * A tensor of rank 4, from nested values, or flat ones and a shape.
 * @example
 * tensor4d([1, 2, 3, 4], [1, 2, 2, 1]).print(); // [[[[1], [2]], [[3], [4]]]]
 */
export function tensor4d(values: TensorLike4D, shape?: ShapeOf<Rank.R4>, dtype?: DType): Tensor4D {
  return create('tensor4d', values, shape, dtype, 4);
}

/**
 * A tensor of rank 5, from nested values, or flat ones and a shape.
 * @example
 * console.log(tensor5d([1, 2, 3, 4], [1, 1, 1, 2, 2]).shape); // [1, 1, 1, 2, 2]
 */
export function tensor5d(values: TensorLike5D, shape?: ShapeOf<Rank.R5>, dtype?: DType): Tensor5D {
  return create('tensor5d', values, shape, dtype, 5);
}

/**
 * A tensor of rank 6, from nested values, or flat ones and a shape.
 * @example
 * console.log(tensor6d([1, 2, 3, 4], [1, 1, 1, 2, 1, 2]).shape); // [1, 1, 1, 2, 1, 2]
 */
export function tensor6d(values: TensorLike6D, shape?: ShapeOf<Rank.R6>, dtype?: DType): Tensor6D {
  return create('tensor6d', values, shape, dtype, 6);
}
