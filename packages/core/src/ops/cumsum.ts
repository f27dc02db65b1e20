import { type TensorLike, toTensor } from '../convert.ts';
import type { TypedArray } from '../dtype.ts';
import type { Values } from '../op/host.ts';
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
  host: (inputs, attrs, outputs) => scanOnHost(inputs, attrs, outputs, null),
});

/** Running sums, or products by the function given, in double. */
export function scanOnHost(
  [x]: readonly Values[],
  { axis, exclusive, reverse }: Cumsum,
  [out]: readonly Values[],
  times: ((a: number, b: number) => number) | null,
): void {
  const [before, length, after] = around(x.shape, axis);
  const [last, step] = reverse ? [(length - 1) * after, -after] : [0, after];
  const folds = new Float64Array(after);
  for (let i = 0; i < before; i++) {
    folds.fill(times === null ? 0 : 1);
    scanLines(x.data, out.data, i * length * after + last, step, length, exclusive, folds, times);
  }
}

/** Neighbouring lines, as many as there are folds, whose elements are `step` apart. */
function scanLines(
  x: TypedArray,
  out: TypedArray,
  first: number,
  step: number,
  length: number,
  exclusive: boolean,
  folds: Float64Array,
  times: ((a: number, b: number) => number) | null,
): void {
  for (let i = 0, at = first; i < length; i++, at += step) {
    for (let k = 0; k < folds.length; k++) {
      const before = folds[k];
      const fold = times === null ? before + x[at + k] : times(before, x[at + k]);
      out[at + k] = exclusive ? before : fold;
      folds[k] = fold;
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
