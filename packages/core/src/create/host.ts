import type { Backend, Spec } from '../backend.ts';
import { unstored } from '../dispatch.ts';
import { allocate, type DType, type TypedArray } from '../dtype.ts';
import type { Rank } from '../rank.ts';
import { insideScope } from '../scope.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { Cell } from '../storage.ts';
import { makeTensor, type Tensor } from '../tensor.ts';

/** A tensor over host data, which the backend takes over: give it an array of its own. */
export function hostTensor<R extends Rank = Rank>(
  op: string,
  backend: Backend,
  data: TypedArray,
  shape: Shape,
  dtype: DType,
): Tensor<R> {
  if (!backend.dtypes.has(dtype)) throw unstored(op, backend, dtype);
  const spec: Spec = { shape, dtype };
  return makeTensor(spec, new Cell(backend, backend.write(data, spec), spec, insideScope()));
}

/** Zeros of the tensor's shape and dtype, on its backend. */
export function zerosLike(x: Spec & { readonly backend: Backend }): Tensor {
  return zerosOf(x.backend, x);
}

/** Zeros of any spec. */
export function zerosOf(backend: Backend, { shape, dtype }: Spec): Tensor {
  return hostTensor('zeros', backend, allocate(dtype, sizeOf(shape)), shape, dtype);
}
