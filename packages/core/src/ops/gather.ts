import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { like, linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import { indexOperand } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { dropAxes, normalizeAxis, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { countable } from './sum.ts';
import { permuted } from './transpose.ts';

/** Attributes of `gather`: the axis that the indices count along. */
export interface Gather {
  readonly axis: number;
}

/** Attributes of `scatterAdd`: the axis that the indices count along, and its length in the output. */
export interface ScatterAdd {
  readonly axis: number;
  readonly size: number;
}

export const gatherOp: OpFunction<readonly [x: Tensor, indices: Tensor], Gather, Tensor> = linear('gather', {
  auxiliary: [1],
  infer([x, indices], { axis }) {
    checkIndices('gather', indices.dtype);
    return like(x, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  },
  transpose: (g, [x, indices], { axis }) => [scatterAddOp([g, indices], { axis, size: x.shape[axis] }), null],
});

export const scatterAddOp: OpFunction<readonly [updates: Tensor, indices: Tensor], ScatterAdd, Tensor> = linear(
  'scatterAdd',
  {
    auxiliary: [1],
    infer([updates, indices], { axis, size }) {
      checkIndices('scatterAdd', indices.dtype);
      const { shape } = updates;
      const end = axis + indices.shape.length;
      if (!sameShape(shape.slice(axis, end), indices.shape)) {
        throw new ShapeError(
          `scatterAdd: updates of shape ${showShape(shape)} must have those of the indices, ${showShape(indices.shape)}, from axis ${axis}`,
        );
      }
      return like(updates, [...shape.slice(0, axis), size, ...shape.slice(end)]);
    },
    transpose: (g, [, indices], { axis }) => [gatherOp([g, indices], { axis }), null],
  },
);

function checkIndices(op: string, dtype: string): void {
  if (dtype !== 'int32') throw new DTypeError(`${op}: indices must be int32, got ${dtype}`);
}

/**
 * Where the elements that `indices` name along `axis` of a tensor of `shape` stand in that tensor, flattened. `indices`
 * has that shape but for the length of `axis`.
 */
export function flatIndices(indices: Tensor, shape: Shape, axis: number): Tensor {
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const steps = (count: number, step: number, rank: number): Tensor =>
    hostTensor('indices', indices.backend, Int32Array.from({ length: count }, (_, i) => i * step), [count, ...new Array<number>(rank - 1).fill(1)], 'int32');
  let flat = reshaped(indices, [outer, indices.shape[axis], inner]);
  if (inner !== 1) flat = add(mul(flat, steps(2, inner, 1)), steps(inner, 1, 1));
  if (outer !== 1) flat = add(flat, steps(outer, shape[axis] * inner, 3));
  return reshaped(flat, indices.shape);
}

/** The elements of `x` that `indices` name along `axis`: for rules, which have checked the shapes. */
export function takenAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  return gatherOp([reshaped(x, [x.size]), flatIndices(indices, x.shape, axis)], { axis: 0 });
}
