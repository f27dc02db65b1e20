import { type TensorLike, toTensor } from '../convert.ts';
import { filled } from '../create/fill.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { dropAxes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { slicedAlong } from './slice.ts';
import { countable, type Reduce, reduce, sumOp } from './sum.ts';

/** A balanced tree of products: unlike rules that divide by elements or count zeros it is exact at every order. */
export const prodOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = composite('prod', {
  infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
  compose: ([x], { axes }) => reshaped(axes.reduce(multiplied, x), dropAxes(x.shape, axes)),
});

/** The product along one axis, which stays with length 1. */
function multiplied(x: Tensor, axis: number): Tensor {
  if (x.shape[axis] === 0) return one(x, axis);
  let product = x;
  let rest: Tensor | null = null;
  for (let n = x.shape[axis]; n > 1; n >>= 1) {
    const half = n >> 1;
    if (n % 2 === 1) {
      const last = slicedAlong(product, axis, n - 1, 1);
      rest = rest === null ? last : mul(rest, last);
    }
    product = mul(slicedAlong(product, axis, 0, half), slicedAlong(product, axis, half, half));
  }
  return rest === null ? product : mul(product, rest);
}

/** The product over nothing, connected to the tape like any other. */
function one(x: Tensor, axis: number): Tensor {
  const shape = x.shape.map((n, i) => (i === axis ? 1 : n));
  const zero = reshaped(sumOp([x], { axes: [axis] }), shape);
  return add(zero, filled(x.backend, zero, 1));
}

/**
 * Product over `axis` (default: all axes). Bools are multiplied as int32; the product over nothing is 1.
 * @example
 * prod([[1, 2], [3, 4]], 0).print(); // [3, 8]
 */
export function prod(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  const tensor = toTensor('prod', x);
  return reduce('prod', tensor, axis, keepDims, (y, axes) => prodOp([countable(y)], { axes }));
}

export const prodSamples: Samples<typeof prod> = ({ uniform, awayFromZero, exactly, indices, bools }) => [
  [awayFromZero([2, 3, 4]), 1],
  [awayFromZero([2, 3, 4]), [0, -1], true],
  [uniform([7])],
  [exactly([2, 0, 3, 0, 5])],
  [exactly([0, 2, 3])],
  [indices([4, 3], 4), 0],
  [bools([2, 3]), 1],
  [uniform([])],
  [uniform([3, 0]), 1],
  [uniform([0, 2]), 1],
];

export const prodBadSamples: BadSamples<typeof prod> = refusedByAxis('prod');
