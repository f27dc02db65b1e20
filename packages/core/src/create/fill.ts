import type { Backend, Spec } from '../backend.ts';
import { currentBackend, defaultFloat } from '../backends.ts';
import { convertValues, type DType } from '../dtype.ts';
import { broadcasted } from '../ops/sum.ts';
import { checkShape, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { hostTensor } from './host.ts';

/** One number, repeated on the backend rather than sent. */
export function filled(backend: Backend, { shape, dtype }: Spec, value: number): Tensor {
  const one = hostTensor('fill', backend, convertValues([value], dtype), [], dtype);
  if (shape.length === 0) return one;
  try {
    return broadcasted(one, shape);
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
export function fill(shape: Shape, value: number | boolean, dtype?: DType): Tensor {
  checkShape('fill', shape);
  const backend = currentBackend();
  const type = dtype ?? (typeof value === 'boolean' ? 'bool' : defaultFloat(backend));
  return filled(backend, { shape: [...shape], dtype: type }, Number(value));
}

/**
 * A tensor of zeros.
 * @example
 * zeros([2]).print(); // [0, 0]
 */
export function zeros(shape: Shape, dtype?: DType): Tensor {
  return fill(shape, 0, dtype);
}

/**
 * A tensor of ones.
 * @example
 * ones([2]).print(); // [1, 1]
 */
export function ones(shape: Shape, dtype?: DType): Tensor {
  return fill(shape, 1, dtype);
}
