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

export type Scalar = Tensor;
export type Tensor1D = Tensor;
export type Tensor2D = Tensor;
export type Tensor3D = Tensor;
export type Tensor4D = Tensor;
export type Tensor5D = Tensor;
export type Tensor6D = Tensor;

export type ScalarLike = number | boolean;
export type TensorLike1D = TypedArray | readonly number[] | readonly boolean[];
export type TensorLike2D = NestedLike;
export type TensorLike3D = NestedLike;
export type TensorLike4D = NestedLike;
export type TensorLike5D = NestedLike;
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

export type DataType = DType;
export type NumericDataType = DType;
export type DataTypeMap = DTypeArrays;
export type RecursiveArray<T> = T[] | RecursiveArray<T>[];
