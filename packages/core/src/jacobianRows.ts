import type { Backend, Spec } from './backend.ts';
import { backward } from './backward.ts';
import { hostTensor, zerosOf } from './create/host.ts';
import { allocate } from './dtype.ts';
import { concatOp } from './ops/concat.ts';
import { reshaped } from './ops/reshape.ts';
import { withScope } from './scope.ts';
import { sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';
import type { WengertList } from './wengertList.ts';

/**
 * The unit vectors of a space of tensors, one by one. The first `batch` axes are not picked apart: the same element of
 * every row is picked at once.
 */
export function* unitVectors(backend: Backend, { shape, dtype }: Spec, batch = 0): Generator<Tensor> {
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

/** Puts rows of a Jacobian together as `jacobianSpec` says; null where none of them is connected. */
export function stackRows(target: Spec, source: Tensor, rows: readonly (Tensor | null)[], batch = 0): Tensor | null {
  if (rows.every((row) => row === null)) return null;
  const lifted = [...source.shape.slice(0, batch), 1, ...source.shape.slice(batch)];
  const parts = rows.map((row) => reshaped(row ?? zerosOf(source.backend, source), lifted));
  return reshaped(concatOp(parts, { axis: batch }), jacobianSpec(target, source, batch).shape);
}

/** The Jacobian of `target` for each source, whose identities are `ids`, row by row; null where it is not connected. */
export function pulledJacobians(
  list: WengertList,
  target: Tensor,
  sources: readonly Tensor[],
  ids: readonly (readonly number[])[],
  batch = 0,
): (Tensor | null)[] {
  return withScope(
    () => {
      const rows = Array.from(unitVectors(target.backend, target, batch), (seed) => {
        const row = backward(list, [target], [seed], ids);
        seed.dispose();
        return row;
      });
      return sources.map((source, i) =>
        stackRows(
          target,
          source,
          rows.map((row) => row[i]),
          batch,
        ),
      );
    },
    (found) => found.filter((one) => one !== null),
  );
}
