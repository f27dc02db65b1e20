import type { Backend } from '../../backend.ts';
import type { TensorLike } from '../../convert.ts';
import type { TypedArray } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import { indexOperand } from '../../promote.ts';
import { type Shape, showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';

// A sparse tensor is the coordinates of its elements, a row for each, their values, and the shape of the whole.

/** `x` as the vector that an argument has to be. */
export function vectorOf(op: string, what: string, x: Tensor): Tensor {
  if (x.rank !== 1) throw new ShapeError(`${op}: ${what} must be a vector, got shape ${showShape(x.shape)}`);
  return x;
}

/** An argument that is a vector of int32. */
export function indexVector(op: string, what: string, x: TensorLike, backend: Backend): Tensor {
  return vectorOf(op, what, indexOperand(op, x, backend));
}

/** Reads an argument that is a shape; what its lengths may be is for the op to say. */
export function readShape(op: string, what: string, x: TensorLike, backend: Backend): number[] {
  return Array.from(indexVector(op, what, x, backend).dataSync());
}

/** Coordinates, row by row. */
interface Coordinates {
  readonly data: TypedArray;
  readonly count: number;
}

/** Reads coordinates, each of which must lie inside `shape`. */
export function readCoordinates(op: string, x: TensorLike, shape: Shape, backend: Backend): Coordinates {
  const given = indexOperand(op, x, backend);
  const rank = shape.length;
  if (given.rank !== 2 || given.shape[1] !== rank) {
    throw new ShapeError(
      `${op}: indices of shape ${showShape(given.shape)} must be rows of ${rank} for a tensor of shape ${showShape(shape)}`,
    );
  }
  const data = given.dataSync();
  const wrong = data.findIndex((value: number, i: number) => value < 0 || value >= shape[i % rank]);
  if (wrong >= 0) {
    const [row, axis, value] = [Math.floor(wrong / rank), wrong % rank, data[wrong]];
    const limit = value < 0 ? '< 0' : `>= ${shape[axis]}`;
    throw new ShapeError(`${op}: indices(${row}, ${axis}) is invalid: ${value} ${limit}`);
  }
  return { data, count: given.shape[0] };
}
