import { allocate, convertValues, type DType, type DTypeArrays, promoteTypes, type TypedArray } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import {
  isTypedArray,
  type NestedLike,
  type NestedValues,
  naturalDType,
  nest,
  flatten as readNested,
} from '../nested.ts';
import { type Shape, showShape, sizeOf } from '../shape.ts';

/** Elements nested in arrays to any depth, not necessarily regularly. */
export type Nested<T> = T | TypedArray | readonly Nested<T>[];

/**
 * All elements of nested arrays in one, appended to `result`. With `skipTypedArray`, typed arrays stay whole.
 * @example
 * console.log(util.flatten([[1, 2], [3, [4]]])); // [1, 2, 3, 4]
 */
export function flatten<T>(
  arr: Nested<T>,
  result: (T | number | TypedArray)[] = [],
  skipTypedArray = false,
): (T | number | TypedArray)[] {
  if (isTypedArray(arr) ? skipTypedArray : !Array.isArray(arr)) result.push(arr as T | TypedArray);
  else for (const part of arr as readonly Nested<T>[]) flatten(part, result, skipTypedArray);
  return result;
}

/**
 * Values as nested arrays of that shape; a scalar is its value.
 * @example
 * console.log(util.toNestedArray([2, 2], Float32Array.of(1, 2, 3, 4))); // [[1, 2], [3, 4]]
 */
export function toNestedArray(shape: Shape, a: TypedArray): NestedValues {
  if (sizeOf(shape) !== (shape.length === 0 ? Math.min(1, a.length) : a.length)) {
    throw new ShapeError(`${a.length} values do not fill shape ${showShape(shape)}`);
  }
  return nest(a, shape);
}

/** Nested values as the typed array of a dtype; a typed array that is one already stays as it is. */
export function toTypedArray(a: NestedLike, dtype: DType): TypedArray {
  if (isTypedArray(a) && a.constructor === allocate(dtype, 0).constructor) return a as TypedArray;
  return convertValues(readNested('toTypedArray', a).values, dtype);
}

/** A zeroed typed array for `size` elements. */
export function makeZerosTypedArray<D extends DType>(size: number, dtype: D): DTypeArrays[D] {
  return allocate(dtype, size);
}

/** A typed array of ones. */
export function makeOnesTypedArray<D extends DType>(size: number, dtype: D): DTypeArrays[D] {
  const ones = allocate(dtype, size);
  const view: TypedArray = ones;
  view.fill(1);
  return ones;
}

/** Zeros as nested arrays. */
export function makeZerosNestedTypedArray(shape: Shape, dtype: DType): NestedValues {
  return nest(allocate(dtype, sizeOf(shape)), shape);
}

/** The dtype that values have by themselves; numbers are float32, as in tfjs. */
export function inferDtype(values: NestedLike): DType {
  return naturalDType(values) ?? 'float32';
}

/** Whether `dtype` is one that tensors have. */
export function isValidDtype(dtype: string): dtype is DType {
  return ['float32', 'float64', 'int32', 'bool'].includes(dtype);
}

/** Whether values of `oldType` can change on their way to `newType`. */
export function hasEncodingLoss(oldType: DType, newType: DType): boolean {
  return promoteTypes(oldType, newType) !== newType;
}
