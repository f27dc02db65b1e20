import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { DTypeError } from '../errors.ts';
import type { NestedLike } from '../nested.ts';
import { linear } from '../op/linear.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { broadcastShapes } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { unbroadcast } from './sum.ts';

export const whereOp: OpFunction<readonly [condition: Tensor, a: Tensor, b: Tensor], NoAttrs, Tensor> = linear(
  'where',
  {
    auxiliary: [0],
    infer([condition, a, b]) {
      const shape = broadcastShapes('where', broadcastShapes('where', condition.shape, a.shape), b.shape);
      return { shape, dtype: a.dtype };
    },
    transpose(g, [condition, a, b], _attrs, needs) {
      if (g === null) return [null, null, null];
      return [
        null,
        needs[1] ? unbroadcast(select(g, condition, g, 0), a.shape) : null,
        needs[2] ? unbroadcast(select(g, condition, 0, g), b.shape) : null,
      ];
    },
  },
);

/** `a` where the condition holds, `b` elsewhere; numbers take the dtype and the backend of `like`. For rules. */
export function select(like: Tensor, condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const value = (x: Tensor | number): Tensor =>
    x instanceof Tensor ? x : toTensor('where', x, like.backend, like.dtype);
  return whereOp([condition, value(a), value(b)], NO_ATTRS);
}

/**
 * The elements of `a` where `condition` is true, those of `b` elsewhere; the three broadcast against each other. The
 * derivative of what is not selected is 0 times that of the branch, so that an infinite one there still gives NaN: make
 * the branch's own argument harmless first.
 * @example
 * where([true, false, true], [1, 2, 3], 0).print(); // [1, 0, 3]
 */
export function where<T extends Tensor = Tensor>(condition: TensorLike, a: T | NestedLike, b: T | NestedLike): T {
  const backend = backendOf([condition, a, b]);
  const mask = toTensor('where', condition, backend, 'bool');
  if (mask.dtype !== 'bool')
    throw new DTypeError(`where: the condition must be bool, got ${mask.dtype}; compare first`);
  const [x, y] = operands('where', [a, b], 'any', backend);
  return whereOp([mask, x, y], NO_ATTRS) as T;
}

export const whereSamples: Samples<typeof where> = ({ uniform, bools, indices }) => [
  [bools([2, 3]), uniform([2, 3]), uniform([2, 3])],
  [bools([2, 1]), uniform([3]), uniform([4, 1, 1])],
  [bools([3]), uniform([2, 3]), 0.5],
  [bools([]), uniform([2]), uniform([])],
  [bools([4]), indices([4], 5), indices([4], 5)],
  [bools([0]), uniform([0]), uniform([1])],
];

export const whereSpace: Space<typeof where> = ({ tensor, bools, shape, narrowed, order }) => {
  const lengths = shape();
  const [condition, a, b] = order(3).map((i) => (i === 0 ? lengths : narrowed(lengths)));
  return [bools(condition), tensor(a), tensor(b)];
};

export const whereBadSamples: BadSamples<typeof where> = ({ uniform, bools, wrong }) => [
  { args: [uniform([2]), uniform([2]), uniform([2])], error: 'DTypeError', names: ['where', 'bool'] },
  { args: [bools([2, 3]), uniform([2]), 0], error: 'ShapeError', names: ['where', '[2,3]', '[2]'] },
  { args: [bools([2]), uniform([2]), wrong(null)], error: 'ArgumentError', names: ['where', 'null'] },
];
