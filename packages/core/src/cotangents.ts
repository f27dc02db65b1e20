import type { Spec } from './backend.ts';
import { isFloating } from './dtype.ts';
import { ArgumentError, DisposedError, DTypeError, ShapeError } from './errors.ts';
import { sameShape, showShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** Throws where cotangents do not fit the values that they belong to, one by one. `what` is the argument's name. */
export function checkCotangents(
  op: string,
  what: string,
  values: readonly Spec[],
  cotangents: readonly Tensor[],
): void {
  if (cotangents.length !== values.length) {
    throw new ArgumentError(`${op}: ${cotangents.length} ${what} for ${values.length} values; give one each`);
  }
  values.forEach((value, i) => {
    const given = cotangents[i];
    if (given.isDisposed) throw new DisposedError(`${op}: ${what}, number ${i}: the tensor is disposed`);
    if (!sameShape(given.shape, value.shape)) {
      throw new ShapeError(
        `${op}: ${what}, number ${i}: shape ${showShape(given.shape)} does not fit the value's ${showShape(value.shape)}`,
      );
    }
    if (given.dtype !== value.dtype) {
      throw new DTypeError(
        `${op}: ${what}, number ${i}: ${given.dtype} does not fit the value's ${value.dtype}; cast it first`,
      );
    }
  });
}

/** Throws where tangents do not fit their primals. */
export function checkTangents(op: string, primals: readonly Spec[], tangents: readonly Tensor[]): void {
  const whole = primals.find((x) => !isFloating(x.dtype));
  if (whole !== undefined) throw new DTypeError(`${op}: a primal is ${whole.dtype}; only floats have tangents`);
  checkCotangents(op, 'tangents', primals, tangents);
}
