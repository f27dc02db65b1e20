import { type TensorLike, toTensor } from '../convert.ts';
import type { TypedArray } from '../dtype.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { around, normalizeAxis } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { countable } from './sum.ts';

/** Attributes of `cumsum`. */
export interface Cumsum {
  readonly axis: number;
  /** Leaves out the element itself. */
  readonly exclusive: boolean;
  /** Adds from the end. */
  readonly reverse: boolean;
}

export const cumsumOp: OpFunction<readonly [x: Tensor], Cumsum, Tensor> = linear('cumsum', {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  transpose: (g, _inputs, attrs) => cumsumOp([g], { ...attrs, reverse: !attrs.reverse }),
  host([x], { axis, exclusive, reverse }, [out]) {
    const [before, length, after] = around(x.shape, axis);
    const [last, step] = reverse ? [(length - 1) * after, -after] : [0, after];
    const sums = new Float64Array(after);
    for (let i = 0; i < before; i++) scan(x.data, out.data, i * length * after + last, step, length, exclusive, sums);
  },
});

/** Running sums of neighbouring lines, as many as there are sums, whose elements are `step` apart. */
function scan(
  x: TypedArray,
  out: TypedArray,
  first: number,
  step: number,
  length: number,
  exclusive: boolean,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let i = 0, at = first; i < length; i++, at += step) {
    for (let k = 0; k < sums.length; k++) {
      const before = sums[k];
      const sum = before + x[at + k];
      out[at + k] = exclusive ? before : sum;
      sums[k] = sum;
    }
  }
}

/**
 * Running sums along `axis`; `exclusive` ones leave out the element itself, `reverse` ones add from the end.
 * @example
 * cumsum([1, 2, 3]).print(); // [1, 3, 6]
 */
export function cumsum(x: TensorLike, axis = 0, exclusive = false, reverse = false): Tensor {
  const tensor = countable(toTensor('cumsum', x));
  return cumsumOp([tensor], { axis: normalizeAxis('cumsum', axis, tensor.shape), exclusive, reverse });
}

export const cumsumSamples: Samples<typeof cumsum> = ({ uniform, indices, bools }) => [
  [uniform([5])],
  [uniform([2, 3, 4]), 1],
  [uniform([2, 3, 4]), -1, true],
  [uniform([2, 3, 4]), 0, false, true],
  [uniform([2, 3]), 1, true, true],
  [indices([4], 9)],
  [bools([2, 3]), 1],
  [uniform([3, 0]), 1],
];

export const cumsumSpace: Space<typeof cumsum> = ({ tensor, shape, axis, pick }) => {
  const lengths = shape(1, 3);
  return [tensor(lengths), axis(lengths.length), pick(false, true), pick(false, true)];
};

export const cumsumBadSamples: BadSamples<typeof cumsum> = refusedByAxis('cumsum');
