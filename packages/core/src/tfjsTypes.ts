import type { DType, DTypeArrays, TypedArray } from './dtype.ts';
import type { NestedLike } from './nested.ts';
import type { Rank } from './rank.ts';
import type { Tensor } from './tensor.ts';

// The names that programs written for tfjs annotate with.

/** A tensor of rank 0. */
export type Scalar = Tensor<Rank.R0>;
/** A tensor of rank 1. */
export type Tensor1D = Tensor<Rank.R1>;
/** A tensor of rank 2. */
export type Tensor2D = Tensor<Rank.R2>;
/** A tensor of rank 3. */
export type Tensor3D = Tensor<Rank.R3>;
/** A tensor of rank 4. */
export type Tensor4D = Tensor<Rank.R4>;
/** A tensor of rank 5. */
export type Tensor5D = Tensor<Rank.R5>;
/** A tensor of rank 6. */
export type Tensor6D = Tensor<Rank.R6>;

/** What stands for a tensor of rank 0. */
export type ScalarLike = number | boolean;
/** Values of one axis. */
export type TensorLike1D = TypedArray | readonly number[] | readonly boolean[];
/** Values nested to depth 2, or flat ones beside a shape. */
export type TensorLike2D = NestedLike;
/** Values nested to depth 3, or flat ones beside a shape. */
export type TensorLike3D = NestedLike;
/** Values nested to depth 4, or flat ones beside a shape. */
export type TensorLike4D = NestedLike;
/** Values nested to depth 5, or flat ones beside a shape. */
export type TensorLike5D = NestedLike;
/** Values nested to depth 6, or flat ones beside a shape. */
export type TensorLike6D = NestedLike;

/** Tensors by name. */
export interface NamedTensorMap {
  [name: string]: Tensor;
}

/** Tensors alone, in a list or by name. */
export type TensorContainer =
  | undefined
  | null
  | string
  | number
  | boolean
  | Tensor
  | TensorContainer[]
  | { [name: string]: TensorContainer };

/** tfjs's name of `DType`. */
export type DataType = DType;
/** A dtype of numbers: there are no others. */
export type NumericDataType = DType;
/** tfjs's name of `DTypeArrays`. */
export type DataTypeMap = DTypeArrays;
/** Arrays nested to any depth. */
export type RecursiveArray<T> = T[] | RecursiveArray<T>[];
