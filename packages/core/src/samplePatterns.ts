import type { TensorLike } from './convert.ts';
import type { BadSamples, Generator } from './sampling.ts';

// Samples that many ops share. A type that names no function fits those of all functions with these arguments.
type Arguments<P> = (generator: Generator) => P[];

/** What every function of one tensor refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedByUnary(op: string): BadSamples<(x: TensorLike) => unknown> {
  return ({ wrong }) => [
    { args: [wrong(null)], error: 'ArgumentError', names: [op, 'null'] },
    { args: [wrong('1')], error: 'ArgumentError', names: [op, 'string'] },
  ];
}

/** What every function of two tensors that broadcast refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedByBinary(op: string): BadSamples<(a: TensorLike, b: TensorLike) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), uniform([2, 2])], error: 'ShapeError', names: [op, '[2,3]', '[2,2]'] },
    { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: [op, 'null'] },
    { args: [uniform([2]), wrong(undefined)], error: 'ArgumentError', names: [op, 'undefined'] },
  ];
}

/** What every function of a tensor and an axis refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedByAxis(op: string): BadSamples<(x: TensorLike, axis?: number) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), 2], error: 'ShapeError', names: [op, '[2,3]', '2'] },
    { args: [uniform([2, 3]), -3], error: 'ShapeError', names: [op, '[2,3]', '-3'] },
    { args: [uniform([2, 3]), 0.5], error: 'ShapeError', names: [op, '0.5'] },
    { args: [wrong(null), 0], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

/** Samples for every smooth reduction of floats. */
export const reductionSamples: Arguments<
  [x: TensorLike, axis?: number | readonly number[] | null, keepDims?: boolean]
> = ({ uniform, indices }) => [
  [uniform([2, 3, 4]), 1],
  [uniform([2, 3, 4]), [0, -1], true],
  [uniform([2, 3, 4]), [1, 1]],
  [uniform([2, 3])],
  [uniform([2, 3]), []],
  [indices([4, 3], 9), 0],
  [uniform([])],
  [uniform([0, 2]), 1],
];

/** Samples for a function of one tensor away from a kink at 0, and the values at which formulas overflow. */
export const kinkedSamples: Arguments<[x: TensorLike]> = ({ awayFromZero, exactly, indices, uniform }) => [
  [awayFromZero([2, 3])],
  [exactly([3, -3, 30, -30])],
  [indices([4], 5)],
  [uniform([0])],
  [awayFromZero([])],
];
