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

/** The shape of a tensor of rank `R`. Every axis can be asked for its length, also where types do not tell the rank. */
export type Dims<R extends Rank> = ShapeMap[R] & number[];

/** A shape for a tensor of rank `R`, which is only read. */
export type ShapeOf<R extends Rank> = Readonly<ShapeMap[R]>;

/** The values of tensors of each rank, as nested arrays. */
export interface ArrayMap {
  R0: number;
  R1: number[];
  R2: number[][];
  R3: number[][][];
  R4: number[][][][];
  R5: number[][][][][];
  R6: number[][][][][][];
}
