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
