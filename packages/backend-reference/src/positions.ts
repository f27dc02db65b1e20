import { keepAxes, type Shape, stridesOf } from '@wengert/core/functions';

/**
 * Where the elements of a strided view lie in memory: `offset + Σ index[i]·strides[i]` for every index of `shape`, in
 * row-major order. Nearly every kernel that moves or groups elements is one loop over such a list.
 */
export function positions(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  let list = Int32Array.of(offset);
  shape.forEach((length, axis) => {
    const longer = new Int32Array(list.length * length);
    for (let i = 0, at = 0; i < list.length; i++) {
      for (let k = 0; k < length; k++) longer[at++] = list[i] + k * strides[axis];
    }
    list = longer;
  });
  return list;
}

/** The strides with which a block of shape `from` is read as if it had the shape `to`: 0 along what is repeated. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (i < added || from[i - added] === 1 ? 0 : strides[i - added]));
}

/** The elements of `values` at `list`. */
export function pick(values: Float64Array, list: Int32Array): Float64Array {
  const out = new Float64Array(list.length);
  for (let i = 0; i < out.length; i++) out[i] = values[list[i]];
  return out;
}

/** The lines of a block along one axis: where each begins, and the step from element to element. */
export function linesAlong(axis: number, shape: Shape): { starts: Int32Array; length: number; step: number } {
  const strides = stridesOf(shape);
  return { starts: positions(keepAxes(shape, [axis]), strides), length: shape[axis], step: strides[axis] };
}
