import type { Backend, Spec } from './backend.ts';
import { hostTensor, zerosOf } from './create/host.ts';
import { allocate } from './dtype.ts';
import { concatOp } from './ops/concat.ts';
import { reshaped } from './ops/reshape.ts';
import { sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * The cotangents that pick the elements of a target one by one. The first `batch` axes are not picked apart: the same
 * element of every row is picked at once.
 */
export function* unitRows(backend: Backend, { shape, dtype }: Spec, batch: number): Generator<Tensor> {
  const count = sizeOf(shape.slice(batch));
  const size = sizeOf(shape);
  for (let k = 0; k < count; k++) {
    const data = allocate(dtype, size);
    for (let i = k; i < size; i += count) data[i] = 1;
    yield hostTensor('jacobian', backend, data, shape, dtype);
  }
}

/** What a Jacobian looks like: shape target[:batch] ++ target[batch:] ++ source[batch:], dtype of the source. */
export function jacobianSpec(target: Spec, source: Spec, batch = 0): Spec {
  return { shape: [...target.shape, ...source.shape.slice(batch)], dtype: source.dtype };
}

/** Puts the pulled rows together as `jacobianSpec` says; null where none of them is connected. */
export function stackRows(target: Tensor, source: Tensor, rows: readonly (Tensor | null)[], batch = 0): Tensor | null {
  if (rows.every((row) => row === null)) return null;
  const lifted = [...source.shape.slice(0, batch), 1, ...source.shape.slice(batch)];
  const parts = rows.map((row) => reshaped(row ?? zerosOf(source.backend, source), lifted));
  return reshaped(concatOp(parts, { axis: batch }), jacobianSpec(target, source, batch).shape);
}
