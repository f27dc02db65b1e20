import type { DType, DTypeArrays, TypedArray } from './dtype.ts';
import type { NestedLike } from './nested.ts';
import type { Tensor } from './tensor.ts';

// The names that programs written for tfjs annotate with. Ranks are checked when a program runs and not by its types, so
// that all ranks are one `Tensor`, and the names say what the reader may expect.

/** tfjs's names of the ranks. */
export type Rank = 'R0' | 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6';

/** tfjs's names of the ranks, as values. */
export const Rank: { readonly [R in Rank]: R } = {
  R0: 'R0',
  R1: 'R1',
  R2: 'R2',
  R3: 'R3',
  R4: 'R4',
  R5: 'R5',
  R6: 'R6',
};

/** tfjs's names of the ranks, as types. */
export declare namespace Rank {
  type R0 = 'R0';
  type R1 = 'R1';
  type R2 = 'R2';
  type R3 = 'R3';
  type R4 = 'R4';
  type R5 = 'R5';
  type R6 = 'R6';
}

/** The shapes that tensors of each rank have. */
export interface ShapeMap {
  R0: number[];
  R1: [number];
  R2: [number, number];
  R3: [number, number, number];
  R4: [number, number, number, number];
  R5: [number, number, number, number, number];
  R6: [number, number, number, number, number, number];
}

/** A tensor that is meant to have rank 0. */
export type Scalar = Tensor;
/** A tensor that is meant to have rank 1. */
export type Tensor1D = Tensor;
/** A tensor that is meant to have rank 2. */
export type Tensor2D = Tensor;
/** A tensor that is meant to have rank 3. */
export type Tensor3D = Tensor;
/** A tensor that is meant to have rank 4. */
export type Tensor4D = Tensor;
/** A tensor that is meant to have rank 5. */
export type Tensor5D = Tensor;
/** A tensor that is meant to have rank 6. */
export type Tensor6D = Tensor;

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
