import type { DType } from '@wengert/core/functions';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Binary } from '../../wasm/instruction.ts';
import * as v128 from '../../wasm/v128.ts';

/** One instruction instead of many, whose result holds unless it is a zero or there was a NaN; and what differs. */
type Quick = readonly [combine: Binary, differ: Binary];

/** How vectors are folded. */
export interface Fold {
  /** What vectors hold; floats that are folded as doubles become so on the way. */
  readonly lanes: 'floats' | 'doubles' | 'ints';
  /** The bytes of an element in memory. */
  readonly size: number;
  /** What a fold begins with. */
  readonly start: number;
  readonly combine: Binary;
  /** The folds of runs of floats go on in double. */
  readonly widens: boolean;
  readonly quick: Quick | undefined;
}

/** Folds by the dtype of the elements. */
export type Folds = Readonly<Partial<Record<DType, Fold>>>;

/* @__NO_SIDE_EFFECTS__ */
function fold(lanes: Fold['lanes'], size: number, start: number, combine: Binary, quick?: Quick, widens = false): Fold {
  return { lanes, size, start, combine, widens, quick };
}

export const sumOfFloats: Fold = fold('floats', 4, 0, f32x4.add, undefined, true);

export const sums: Folds = {
  float32: sumOfFloats,
  float64: fold('doubles', 8, 0, f64x2.add),
  int32: fold('ints', 4, 0, i32x4.add),
};

export const products: Folds = {
  float32: fold('doubles', 4, 1, f64x2.mul),
  float64: fold('doubles', 8, 1, f64x2.mul),
  int32: fold('ints', 4, 1, i32x4.mul),
};

/** The largest of floats; whether a NaN remains is left to chance. */
export const maxOfNumbers: Fold = fold('floats', 4, -Infinity, f32x4.pmax);

/** The largest of floats, or NaN. */
export const maxOfFloats: Fold = fold('floats', 4, -Infinity, f32x4.max, [f32x4.pmax, f32x4.ne]);

export const maxima: Folds = {
  float32: maxOfFloats,
  float64: fold('doubles', 8, -Infinity, f64x2.max, [f64x2.pmax, f64x2.ne]),
  int32: fold('ints', 4, -(2 ** 31), i32x4.max),
  bool: fold('ints', 1, 0, v128.or),
};

export const minima: Folds = {
  float32: fold('floats', 4, Infinity, f32x4.min, [f32x4.pmin, f32x4.ne]),
  float64: fold('doubles', 8, Infinity, f64x2.min, [f64x2.pmin, f64x2.ne]),
  int32: fold('ints', 4, 2 ** 31 - 1, i32x4.min),
  // True in each of four bytes.
  bool: fold('ints', 1, 0x01010101, v128.and),
};

/** Sums of floats of which each one is kept. */
export const runningSums: Folds = {
  float32: fold('doubles', 4, 0, f64x2.add),
  int32: fold('ints', 4, 0, i32x4.add),
};

export const runningProducts: Folds = {
  float32: fold('doubles', 4, 1, f64x2.mul),
  int32: fold('ints', 4, 1, i32x4.mul),
};

/** What is made of each fold. */
/* @__NO_SIDE_EFFECTS__ */
export function byDType<T>(folds: Folds, make: (fold: Fold) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(folds).map(([dtype, fold]) => [dtype, make(fold)]));
}
