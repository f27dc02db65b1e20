import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { DTypeError } from '../errors.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { primitive } from '../op/primitive.ts';
import { refusedByBinary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { broadcastShapes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export const bitwiseAndOp: OpFunction<readonly [a: Tensor, b: Tensor], NoAttrs, Tensor> = primitive('bitwiseAnd', {
  infer([a, b]) {
    for (const { dtype } of [a, b]) {
      if (dtype !== 'int32') throw new DTypeError(`bitwiseAnd: needs int32, got ${dtype}; use x.cast('int32')`);
    }
    return { shape: broadcastShapes('bitwiseAnd', a.shape, b.shape), dtype: 'int32' };
  },
  vjp: null,
});

/**
 * The bits that two int32 have in common, element by element. It has no derivative.
 * @example
 * bitwiseAnd([12, -1], [10, 7]).print(); // [8, 7]
 */
export function bitwiseAnd(a: TensorLike, b: TensorLike): Tensor {
  const backend = backendOf([a, b]);
  const value = (x: TensorLike): Tensor => toTensor('bitwiseAnd', x, backend, 'int32');
  return bitwiseAndOp([value(a), value(b)], NO_ATTRS);
}

export const bitwiseAndSamples: Samples<typeof bitwiseAnd> = ({ indices }) => [
  [indices([2, 3], 1000), indices([2, 3], 1000)],
  [indices([2, 1], 100), indices([3], 100)],
  [Int32Array.of(-1, -8, 2147483647, -2147483648), Int32Array.of(5, 13, -2, -1)],
  [indices([0], 2), 1],
  [indices([], 9), indices([], 9)],
];

export const bitwiseAndBadSamples: BadSamples<typeof bitwiseAnd> = (generator) => [
  ...refusedByBinary('bitwiseAnd')({ ...generator, uniform: (shape) => generator.indices(shape, 9) }),
  { args: [generator.uniform([2]), generator.indices([2], 9)], error: 'DTypeError', names: ['bitwiseAnd', 'int32'] },
];
