import { type TensorLike, toTensor } from '../convert.ts';
import { DTypeError } from '../errors.ts';
import type { OpFunction } from '../op/op.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { Tensor } from '../tensor.ts';
import { maxOp, minOp } from './extrema.ts';
import { type Reduce, reduce } from './sum.ts';

type Axis = number | readonly number[] | null;

function reduceBools(
  op: string,
  x: TensorLike,
  axis: Axis | undefined,
  keepDims: boolean,
  extremum: OpFunction<readonly [x: Tensor], Reduce, Tensor>,
): Tensor {
  const tensor = toTensor(op, x, undefined, 'bool');
  if (tensor.dtype !== 'bool') throw new DTypeError(`${op}: needs bool, got ${tensor.dtype}; compare or cast first`);
  return reduce(op, tensor, axis, keepDims, (y, axes) => extremum([y], { axes }));
}

/**
 * Whether all bools over `axis` (default: all axes) are true; over nothing they are.
 * @example
 * all([[true, false], [true, true]], 1).print(); // [false, true]
 */
export function all(x: TensorLike, axis?: Axis, keepDims = false): Tensor {
  return reduceBools('all', x, axis, keepDims, minOp);
}

/**
 * Whether at least one bool over `axis` (default: all axes) is true; over nothing none is.
 * @example
 * any([[true, false], [false, false]], 1).print(); // [true, false]
 */
export function any(x: TensorLike, axis?: Axis, keepDims = false): Tensor {
  return reduceBools('any', x, axis, keepDims, maxOp);
}

const samples: Samples<typeof all> = ({ bools }) => [
  [bools([2, 3, 4]), 1],
  [bools([2, 3, 4]), [0, -1], true],
  [bools([2, 3])],
  [bools([2, 3]), []],
  [bools([])],
  [bools([3, 0]), 1],
  [[true, false]],
];

/* @__NO_SIDE_EFFECTS__ */
const refused =
  (op: string): BadSamples<typeof all> =>
  (generator) => [
    ...refusedByAxis(op)({ ...generator, uniform: (shape) => generator.bools(shape) }),
    { args: [generator.uniform([2])], error: 'DTypeError', names: [op, 'bool'] },
  ];

export const allSamples: Samples<typeof all> = samples;
export const allBadSamples: BadSamples<typeof all> = refused('all');
export const anySamples: Samples<typeof any> = samples;
export const anyBadSamples: BadSamples<typeof any> = refused('any');
