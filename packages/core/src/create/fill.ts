import type { Backend, Spec } from '../backend.ts';
import { currentBackend, defaultFloat } from '../backends.ts';
import { convertValues, type DType } from '../dtype.ts';
import { broadcasted } from '../ops/sum.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import { checkShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { hostTensor } from './host.ts';

/** One number, repeated on the backend rather than sent. */
export function filled<R extends Rank = Rank>(
  backend: Backend,
  { shape, dtype }: Spec,
  value: number,
  op = 'fill',
): Tensor<R> {
  const one = hostTensor<R>(op, backend, convertValues([value], dtype), [], dtype);
  if (shape.length === 0) return one;
  try {
    return broadcasted(one, shape) as Tensor<R>;
  } finally {
    one.dispose();
  }
}

/** Ones of any spec. */
export function onesOf(backend: Backend, spec: Spec): Tensor {
  return filled(backend, spec, 1);
}

/**
 * A tensor of `shape` with `value` everywhere.
 * @example
 * fill([2], 7).print(); // [7, 7]
 */
export function fill<R extends Rank = Rank>(shape: ShapeOf<R>, value: number | boolean, dtype?: DType): Tensor<R> {
  return repeated('fill', shape, value, dtype);
}

/** As `fill`, for the function called `op`. */
function repeated<R extends Rank>(
  op: string,
  shape: ShapeOf<R>,
  value: number | boolean,
  dtype: DType | undefined,
): Tensor<R> {
  checkShape(op, shape);
  const backend = currentBackend();
  const type = dtype ?? (typeof value === 'boolean' ? 'bool' : defaultFloat(backend));
  return filled(backend, { shape: [...shape], dtype: type }, Number(value), op);
}

/**
 * A tensor of zeros.
 * @example
 * zeros([2]).print(); // [0, 0]
 */
export function zeros<R extends Rank = Rank>(shape: ShapeOf<R>, dtype?: DType): Tensor<R> {
  return repeated('zeros', shape, 0, dtype);
}

/**
 * A tensor of ones.
 * @example
 * ones([2]).print(); // [1, 1]
 */
export function ones<R extends Rank = Rank>(shape: ShapeOf<R>, dtype?: DType): Tensor<R> {
  return repeated('ones', shape, 1, dtype);
}
