import type { TensorLike } from './convert.ts';
import type { BadSamples } from './sampling.ts';

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
