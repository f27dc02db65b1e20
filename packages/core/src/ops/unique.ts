import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import type { TypedArray } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { flatten, type NestedLike } from '../nested.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { broadcastShapes, normalizeAxis, type Shape, showShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import type { Tensor1D } from '../tfjsTypes.ts';
import { gatherOp } from './gather.ts';

/** Where each different slice along the axis occurs first, and which of these every slice is. NaN equals itself here. */
function numbered(data: TypedArray, shape: Shape, axis: number): { first: number[]; which: Int32Array } {
  const [outer, length, inner] = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
  const seen = new Map<number | string, number>();
  const first: number[] = [];
  const textOf = (i: number): string => {
    const parts: number[] = [];
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) parts.push(data[(o * length + i) * inner + k]);
    }
    return parts.join();
  };
  const which = Int32Array.from({ length }, (_, i) => {
    const slice = outer * inner === 1 ? data[i] : textOf(i);
    const known = seen.get(slice) ?? first.length;
    if (known === first.length) {
      seen.set(slice, known);
      first.push(i);
    }
    return known;
  });
  return { first, which };
}

/**
 * The different slices of `x` along `axis`, in the order in which they first occur, and for each slice of `x` the int32
 * index of the one it equals. Reads `x` at once.
 * @example
 * unique([1, 1, 2, 4, 4]).indices.print(); // [0, 0, 1, 2, 2]
 */
export function unique<T extends Tensor = Tensor>(x: T | NestedLike, axis = 0): { values: T; indices: Tensor1D } {
  const tensor = toTensor('unique', x);
  if (tensor.rank === 0) throw new ShapeError('unique: a scalar has no axis; give at least one axis');
  const at = normalizeAxis('unique', axis, tensor.shape);
  const { first, which } = numbered(tensor.dataSync(), tensor.shape, at);
  const { backend } = tensor;
  const picked = hostTensor('unique', backend, Int32Array.from(first), [first.length], 'int32');
  return {
    values: gatherOp([tensor, picked], { axis: at }) as T,
    indices: hostTensor('unique', backend, which, [which.length], 'int32'),
  };
}

export const uniqueSamples: Samples<typeof unique> = ({ distinct, indices, bools }) => [
  [indices([8], 4)],
  [indices([6, 2], 2)],
  [indices([2, 8], 2), 1],
  [indices([2, 6, 1], 2), -2],
  [bools([5])],
  [distinct([4])],
  [distinct([3, 2]), -1],
  [distinct([0, 2])],
];

export const uniqueSpace: Space<typeof unique> = ({ distinct, indices, bools, shape, axis, pick }) => {
  const lengths = shape(1, 3);
  const x = pick(distinct(lengths), indices(lengths, 3), bools(lengths));
  return [x, axis(lengths.length)];
};

export const uniqueBadSamples: BadSamples<typeof unique> = (generator) => [
  ...refusedByAxis('unique')(generator),
  { args: [generator.uniform([])], error: 'ShapeError', names: ['unique', 'scalar'] },
];

/**
 * The int32 shape to which two shapes, given as vectors of lengths, broadcast. Reads its arguments at once.
 * @example
 * broadcastArgs([2, 1], [3]).print(); // [2, 3]
 */
export function broadcastArgs(s0: TensorLike, s1: TensorLike): Tensor {
  const backend = backendOf([s0, s1]);
  const [a, b] = [s0, s1].map(lengths);
  const out = Int32Array.from(broadcastShapes('broadcastArgs', a, b));
  return hostTensor('broadcastArgs', backend, out, [out.length], 'int32');
}

function lengths(given: TensorLike): number[] {
  const read =
    given instanceof Tensor ? { shape: given.shape, values: given.dataSync() } : flatten('broadcastArgs', given);
  const { shape, values } = read;
  if (shape.length !== 1)
    throw new ShapeError(`broadcastArgs: a shape is a vector, this has shape ${showShape(shape)}`);
  return Array.from(values, Number);
}

export const broadcastArgsSamples: Samples<typeof broadcastArgs> = () => [
  [Int32Array.of(2, 1), Int32Array.of(3)],
  [Int32Array.of(4), Int32Array.of()],
  [
    [1, 0, 3],
    [2, 1, 1],
  ],
];

export const broadcastArgsSpace: Space<typeof broadcastArgs> = ({ shape, narrowed, pick }) => {
  const lengths = shape();
  const pair = [narrowed(lengths), lengths].map((one) => Int32Array.from(one));
  const [a, b] = pick(pair, [...pair].reverse());
  return [a, b];
};

export const broadcastArgsBadSamples: BadSamples<typeof broadcastArgs> = ({ wrong }) => [
  { args: [[2, 3], [2]], error: 'ShapeError', names: ['broadcastArgs', '[2,3]', '[2]'] },
  { args: [[[2, 3]], [2]], error: 'ShapeError', names: ['broadcastArgs', '[1,2]'] },
  { args: [wrong(null), [2]], error: 'ArgumentError', names: ['broadcastArgs', 'null'] },
];
