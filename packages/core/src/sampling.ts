import type { TensorLike } from './convert.ts';
import type { DType } from './dtype.ts';
import type { Tensor } from './tensor.ts';

/** Makes the tensors that samples are built from: float ones in the dtype under test, from one seeded stream. */
export interface Generator {
  /** The float dtype under test; int32 or bool where an op is tried on these. */
  readonly dtype: DType;
  /** All dtypes that the backend under test stores. */
  readonly dtypes: readonly DType[];
  /** Uniform in [low, high), by default [-1, 1). */
  uniform(shape: readonly number[], low?: number, high?: number): Tensor;
  /** Uniform with an absolute value of at least `margin` and at most 1.5: away from a kink at 0. */
  awayFromZero(shape: readonly number[], margin?: number): Tensor;
  /** All different, at least 0.1 apart, in random order: no ties near any point that is tried. */
  distinct(shape: readonly number[]): Tensor;
  /** Symmetric positive definite matrices with separated eigenvalues, well conditioned. */
  spd(shape: readonly number[]): Tensor;
  /** Diagonally dominant matrices. */
  dominant(shape: readonly number[]): Tensor;
  /** int32 uniform in [0, limit). */
  indices(shape: readonly number[], limit: number): Tensor;
  /** Random bools. */
  bools(shape: readonly number[]): Tensor;
  /** A tensor with exactly these values, in the dtype under test. */
  exactly(values: TensorLike): Tensor;
  /** A value whose type is a lie, for bad-input samples only. */
  wrong<T>(value: unknown): T;
}

/** What `Draw.axes` gives. */
export type Axes = number | readonly number[] | null | undefined;

/**
 * Makes the arguments of one generated call. Every method chooses at random, and lists its simplest choice first: a
 * failure is shrunk towards that.
 */
export interface Draw extends Generator {
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** One of these values; those that should be frequent may be repeated. */
  pick<const T extends readonly unknown[]>(...choices: T): T[number];
  /** `count` items. */
  list<T>(count: number, item: (i: number) => T): T[];
  /** The length of an axis, at least `least`: 0 at times where that is allowed, as it is by default. */
  length(least?: number): number;
  /** The lengths of `least` to `most` axes: of a scalar, or of nothing, at times. Default: 0 to 4. */
  shape(least?: number, most?: number): number[];
  /** An axis of a tensor with `rank` axes, counted from either end. */
  axis(rank: number): number;
  /** None, one or several of these axes, in any order and from either end, some of them twice. */
  axes(rank: number): Axes;
  /** The numbers from 0 up to `count`, not included, in any order. */
  order(count: number): number[];
  /** int32 positions in a tensor of shape `limits`, one row for each element of `shape`. */
  coordinates(shape: readonly number[], limits: readonly number[]): Tensor;
  /** A shape that broadcasts to `shape`: leading axes left out, lengths put to 1. */
  narrowed(shape: readonly number[]): number[];
  /** A uniform float tensor, or one of int32 or bools, for what takes any dtype. */
  tensor(shape: readonly number[]): Tensor;
}

/**
 * How the arguments of a public function vary: over all that it documents, whatever calls there were by hand. What it
 * draws without a range of its own is replaced by ties, zeros, infinities and NaN at times; calls that must throw are
 * welcome among those that must not.
 */
export type Space<F extends (...args: never[]) => unknown> = (draw: Draw) => Readonly<Parameters<F>>;

/** Argument lists with which a public function is checked: values, gradients, dtypes, leaks, documentation. */
export type Samples<F extends (...args: never[]) => unknown> = (generator: Generator) => Parameters<F>[];

/** A call that must throw. */
export interface BadSample<P> {
  readonly args: P;
  /** The class name of the error. */
  readonly error: 'ShapeError' | 'DTypeError' | 'ArgumentError' | 'GradientError' | 'BackendError' | 'DisposedError';
  /** What its message must name. */
  readonly names: readonly string[];
}

/** Calls that must throw a typed error. */
export type BadSamples<F extends (...args: never[]) => unknown> = (generator: Generator) => BadSample<Parameters<F>>[];
