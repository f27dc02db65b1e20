import { backendOf, type TensorLike } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import type { TypedArray } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { checkShape, type Shape, showShape, sizeOf, stridesOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { resolveShape } from '../reshape.ts';
import { readCoordinates, readShape } from './coordinates.ts';

/** What `sparseReshape` gives: the coordinates in the new shape, and that shape. */
export interface ReshapedCoordinates {
  readonly outputIndices: Tensor;
  readonly outputShape: Tensor;
}

/**
 * The coordinates of a sparse tensor's elements when its shape becomes `newShape`, of which one length may be -1 and is
 * then inferred. Reads its arguments at once.
 * @example
 * sparseReshape([[0, 1], [2, 0]], [3, 2], [2, -1]).outputIndices.print(); // [[0, 1], [1, 1]]
 * sparseReshape([[0, 1], [2, 0]], [3, 2], [2, -1]).outputShape.print(); // [2, 3]
 */
export function sparseReshape(
  inputIndices: TensorLike,
  inputShape: TensorLike,
  newShape: TensorLike,
): ReshapedCoordinates {
  const op = 'sparseReshape';
  const backend = backendOf([inputIndices, inputShape, newShape]);
  const from = readShape(op, 'inputShape', inputShape, backend);
  checkShape(op, from);
  const { data, count } = readCoordinates(op, inputIndices, from, backend);
  const to = resolveShape(op, from, readShape(op, 'newShape', newShape, backend));
  if (sizeOf(to) !== sizeOf(from)) {
    throw new ShapeError(
      `${op}: shape ${showShape(from)} has ${sizeOf(from)} elements, ${showShape(to)} has ${sizeOf(to)}`,
    );
  }
  return {
    outputIndices: hostTensor(op, backend, renumbered(data, count, from, to), [count, to.length], 'int32'),
    outputShape: hostTensor(op, backend, Int32Array.from(to), [to.length], 'int32'),
  };
}

/** Counts the elements through, row-major, and tells where each count stands in the other shape. */
function renumbered(data: TypedArray, count: number, from: Shape, to: Shape): Int32Array {
  const [inputSteps, outputSteps] = [stridesOf(from), stridesOf(to)];
  const out = new Int32Array(count * to.length);
  for (let row = 0; row < count; row++) {
    let rest = 0;
    for (let i = 0; i < from.length; i++) rest += data[row * from.length + i] * inputSteps[i];
    for (let i = 0; i < to.length; i++) {
      out[row * to.length + i] = Math.floor(rest / outputSteps[i]);
      rest %= outputSteps[i];
    }
  }
  return out;
}

export const sparseReshapeSamples: Samples<typeof sparseReshape> = ({ indices }) => [
  [indices([5, 2], 3), Int32Array.of(3, 4), Int32Array.of(2, 3, -1)],
  [indices([4, 3], 2), [2, 2, 3], [-1, 4]],
  [
    [
      [0, 3],
      [1, 2],
    ],
    [2, 5],
    [10],
  ],
  [indices([2, 1], 1), [1], Int32Array.of()],
  [indices([2, 0], 1), Int32Array.of(), [1, 1]],
  [indices([0, 2], 1), [0, 3], [3, -1]],
];

export const sparseReshapeSpace: Space<typeof sparseReshape> = ({ coordinates, length, list, int, pick }) => {
  const lengths = list(int(1, 3), () => length(1));
  const [, ...rest] = lengths;
  return [
    coordinates([length()], lengths),
    lengths,
    pick([...lengths].reverse(), [-1], [-1, ...rest], [1, ...lengths]),
  ];
};

export const sparseReshapeBadSamples: BadSamples<typeof sparseReshape> = ({ uniform, indices, wrong }) => {
  const op = 'sparseReshape';
  const at = indices([3, 2], 2);
  return [
    { args: [indices([2], 2), [2, 6], [3, 4]], error: 'ShapeError', names: [op, '[2]', '[2,6]'] },
    { args: [at, [2, 2, 3], [3, 4]], error: 'ShapeError', names: [op, '[3,2]', '[2,2,3]'] },
    { args: [at, [[2, 6]], [3, 4]], error: 'ShapeError', names: [op, 'inputShape', '[1,2]'] },
    { args: [at, [2, -6], [3, 4]], error: 'ShapeError', names: [op, '[2,-6]'] },
    { args: [at, [2, 6], [[3, 4]]], error: 'ShapeError', names: [op, 'newShape', '[1,2]'] },
    { args: [at, [2, 6], [-1, 2, -1]], error: 'ShapeError', names: [op, '-1'] },
    { args: [at, [2, 6], [-1, 5]], error: 'ShapeError', names: [op, '[2,6]', '[-1,5]'] },
    { args: [at, [2, 6], [-1, 0]], error: 'ShapeError', names: [op, '[2,6]', '[-1,0]'] },
    { args: [at, [2, 6], [1, -7]], error: 'ShapeError', names: [op, '-7'] },
    { args: [at, [2, 6], [4, 4]], error: 'ShapeError', names: [op, '12', '16'] },
    { args: [[[0, 6]], [2, 6], [3, 4]], error: 'ShapeError', names: [op, 'indices(0, 1)', '6 >= 6'] },
    { args: [[[-1, 0]], [2, 6], [3, 4]], error: 'ShapeError', names: [op, 'indices(0, 0)', '-1 < 0'] },
    { args: [uniform([3, 2]), [2, 6], [3, 4]], error: 'DTypeError', names: [op, 'int32'] },
    { args: [wrong(null), [2, 6], [3, 4]], error: 'ArgumentError', names: [op, 'null'] },
  ];
};
