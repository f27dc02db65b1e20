import { type TensorLike, toTensor } from '../convert.ts';
import { onesOf } from '../create/fill.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { normalizeAxis } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { concatOp } from './concat.ts';
import { type Cumsum, scanOnHost } from './cumsum.ts';
import { mul } from './pointwise.ts';
import { reverseOp } from './reverse.ts';
import { slicedAlong } from './slice.ts';
import { countable } from './sum.ts';

/** A scan of products: unlike rules that divide by elements it is exact at zeros, at every order. */
export const cumprodOp: OpFunction<readonly [x: Tensor], Cumsum, Tensor> = composite('cumprod', {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  compose([x], { axis, exclusive, reverse }) {
    const axes = [axis];
    const forward = reverse ? reverseOp([x], { axes }) : x;
    const scanned = scan(exclusive ? shifted(forward, axis, 1) : forward, axis);
    return reverse ? reverseOp([scanned], { axes }) : scanned;
  },
  host: (inputs, attrs, outputs) =>
    scanOnHost(inputs, attrs, outputs, outputs[0].dtype === 'int32' ? Math.imul : (a, b) => a * b),
});

/** After step k each element is the product of the 2^k up to it (Hillis and Steele's scan). */
function scan(x: Tensor, axis: number): Tensor {
  let products = x;
  for (let step = 1; step < x.shape[axis]; step *= 2) products = mul(products, shifted(products, axis, step));
  return products;
}

/** `x` moved along the axis, with ones where it came from. */
function shifted(x: Tensor, axis: number, by: number): Tensor {
  const length = x.shape[axis];
  const moved = Math.min(by, length);
  const shape = x.shape.map((n, i) => (i === axis ? moved : n));
  return concatOp([onesOf(x.backend, { shape, dtype: x.dtype }), slicedAlong(x, axis, 0, length - moved)], { axis });
}

/**
 * Running products along `axis`; `exclusive` ones leave out the element itself, `reverse` ones multiply from the end.
 * @example
 * cumprod([1, 2, 3]).print(); // [1, 2, 6]
 */
export function cumprod(x: TensorLike, axis = 0, exclusive = false, reverse = false): Tensor {
  const tensor = countable(toTensor('cumprod', x));
  return cumprodOp([tensor], { axis: normalizeAxis('cumprod', axis, tensor.shape), exclusive, reverse });
}

export const cumprodSamples: Samples<typeof cumprod> = ({ awayFromZero, exactly, indices, bools, uniform }) => [
  [awayFromZero([5])],
  [awayFromZero([2, 3, 4]), 1],
  [awayFromZero([2, 3, 4]), -1, true],
  [awayFromZero([2, 3, 4]), 0, false, true],
  [awayFromZero([2, 3]), 1, true, true],
  [exactly([2, 0, 3, 0, 5])],
  [exactly([0, 2, 3]), 0, true],
  [indices([4], 4)],
  [bools([2, 3]), 1],
  [uniform([3, 0]), 1, true],
];

export const cumprodSpace: Space<typeof cumprod> = ({ awayFromZero, shape, axis, pick }) => {
  const lengths = shape(1, 3);
  return [awayFromZero(lengths), axis(lengths.length), pick(false, true), pick(false, true)];
};

export const cumprodBadSamples: BadSamples<typeof cumprod> = refusedByAxis('cumprod');
