import { currentBackend } from '../backends.ts';
import { allocate, convertValues, type DType, type DTypeArrays, type TypedArray } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import type { Rank, ShapeMap } from '../rank.ts';
import { checkShape, type Shape, showShape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { hostTensor } from './host.ts';

/** Values on the host that can be set one by one before they become a tensor. */
export class TensorBuffer<R extends Rank = Rank, D extends DType = 'float32'> {
  readonly shape: ShapeMap[R];
  readonly dtype: D;
  readonly size: number;
  /** Elements from one position to the next along each axis, without the last, whose step is 1. */
  readonly strides: number[];
  /** The values in row-major order. */
  readonly values: DTypeArrays[D];

  /** Takes `values` over without a copy; without them, all are 0. */
  constructor(shape: ShapeMap[R], dtype: D, values?: DTypeArrays[D]) {
    checkShape('buffer', shape);
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.strides = stridesOf(shape).slice(0, -1);
    this.values = values ?? allocate(dtype, this.size);
    if (this.values.length !== this.size) {
      throw new ShapeError(`buffer: ${this.values.length} values do not fill shape ${showShape(shape)}`);
    }
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Sets the value at a position, [0, 0, ...] if none is given. Throws `ShapeError` for the wrong number of indices. */
  set(value: number | boolean, ...position: number[]): void {
    const at: TypedArray = this.values;
    at[this.locToIndex(position)] = Number(value);
  }

  /** The value at a position, [0, 0, ...] if none is given. Throws `ShapeError` where it lies outside. */
  get(...position: number[]): number {
    const lengths: Shape = this.shape;
    if (!position.every((index, axis) => index >= 0 && index < lengths[axis])) {
      throw new ShapeError(`buffer: position ${showShape(position)} lies outside shape ${showShape(lengths)}`);
    }
    return this.values[this.locToIndex(position)];
  }

  /** Where the element at a position stands among the values. */
  locToIndex(position: readonly number[]): number {
    const given = position.length === 0 && this.rank > 0 ? this.strides.map(() => 0).concat(0) : position;
    if (given.length !== this.rank) {
      throw new ShapeError(`buffer: position ${showShape(given)} needs one index per axis of ${showShape(this.shape)}`);
    }
    return given.reduce((index, at, axis) => index + at * (this.strides[axis] ?? 1), 0);
  }

  /** The position of an element among the values; the inverse of `locToIndex`. */
  indexToLoc(index: number): number[] {
    let rest = index;
    return stridesOf(this.shape).map((stride) => {
      const at = Math.floor(rest / stride);
      rest -= at * stride;
      return at;
    });
  }

  /** A tensor with a copy of the values, on the selected backend. */
  toTensor(): Tensor<R> {
    const copy = convertValues(this.values, this.dtype);
    return hostTensor('buffer', currentBackend(), copy, [...this.shape], this.dtype);
  }
}

/**
 * Values on the host, zeros or those given, that can be set one by one before they become a tensor.
 * @example
 * const b = buffer([2, 2]);
 * b.set(5, 1, 0);
 * b.toTensor().print(); // [[0, 0], [5, 0]]
 */
export function buffer<R extends Rank = Rank, D extends DType = 'float32'>(
  shape: ShapeMap[R],
  dtype?: D,
  values?: DTypeArrays[D],
): TensorBuffer<R, D>;
export function buffer(shape: Shape, dtype: DType = 'float32', values?: TypedArray): TensorBuffer<Rank, DType> {
  if (!Array.isArray(shape)) throw new ArgumentError('buffer: the shape must be an array of lengths');
  return new TensorBuffer<Rank, DType>([...shape], dtype, values);
}
