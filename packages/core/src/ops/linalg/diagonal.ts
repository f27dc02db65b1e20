import { type TensorLike, toTensor } from '../../convert.ts';
import { refusedByUnary } from '../../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { rectangle } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { reshaped } from '../reshape.ts';
import { sliceOp } from '../slice.ts';
import { countable, sumOp } from '../sum.ts';
import { matrixShape } from './matrices.ts';

/** The diagonals of the matrices in the last two axes: every (columns + 1)th element. For rules. */
export function diagonalOf(x: Tensor): Tensor {
  const [rows, columns] = matrixShape('diagPart', x);
  const batch = x.shape.slice(0, -2);
  return sliceOp([reshaped(x, [...batch, rows * columns])], {
    begin: [...batch.map(() => 0), 0],
    size: [...batch, Math.min(rows, columns)],
    strides: [...batch.map(() => 1), columns + 1],
  });
}

/**
 * The diagonals of the matrices in the last two axes.
 * @example
 * diagPart([[1, 2], [3, 4]]).print(); // [1, 4]
 */
export function diagPart(x: TensorLike): Tensor {
  return diagonalOf(toTensor('diagPart', x));
}

/**
 * The sums of the diagonals of the matrices in the last two axes.
 * @example
 * trace([[1, 2], [3, 4]]).print(); // 5
 */
export function trace(x: TensorLike): Tensor {
  const tensor = countable(toTensor('trace', x));
  matrixShape('trace', tensor);
  return sumOp([diagonalOf(tensor)], { axes: [tensor.rank - 2] });
}

const samples: Samples<typeof trace> = ({ uniform, indices }) => [
  [uniform([3, 3])],
  [uniform([2, 3, 4])],
  [uniform([4, 2])],
  [uniform([0, 2])],
  [uniform([2, 1, 1])],
  [indices([3, 3], 9)],
];

/* @__NO_SIDE_EFFECTS__ */
const refused =
  (op: string): BadSamples<typeof trace> =>
  (generator) => [
    ...refusedByUnary(op)(generator),
    { args: [generator.uniform([3])], error: 'ShapeError', names: [op, '[3]'] },
  ];

export const diagPartSamples: Samples<typeof diagPart> = samples;

export const diagPartSpace: Space<typeof diagPart> = (draw) => [draw.tensor(rectangle(draw))];
export const diagPartBadSamples: BadSamples<typeof diagPart> = refused('diagPart');
export const traceSamples: Samples<typeof trace> = samples;

export const traceSpace: Space<typeof trace> = (draw) => [draw.tensor(rectangle(draw))];
export const traceBadSamples: BadSamples<typeof trace> = refused('trace');
