import { type TensorLike, toTensor } from '../convert.ts';
import { checkDType, type DType, isFloating } from '../dtype.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';

/** Attributes of `cast`. */
export interface Cast {
  readonly dtype: DType;
}

export const castOp: OpFunction<readonly [x: Tensor], Cast, Tensor> = linear('cast', {
  infer([x], { dtype }) {
    checkDType('cast', dtype);
    return { shape: x.shape, dtype };
  },
  // An int source that `grad` differentiates as if it were real keeps its float cotangent.
  transpose: (g, [x]) => (isFloating(x.dtype) && x.dtype !== g.dtype ? castOp([g], { dtype: x.dtype }) : g),
});

/**
 * Elementwise conversion to `dtype`: floats are truncated towards zero on their way to int32, and everything but 0 is a
 * true bool. No derivative passes through ints and bools.
 * @example
 * cast([1.7, -1.7], 'int32').print(); // [1, -1]
 */
export function cast(x: TensorLike, dtype: DType): SameRank {
  return castOp([toTensor('cast', x)], { dtype });
}

export const castSamples: Samples<typeof cast> = ({ uniform, dtypes }) =>
  dtypes.flatMap((dtype): [TensorLike, DType][] => [
    [uniform([2, 3], -3, 3), dtype],
    [uniform([0]), dtype],
    [uniform([]), dtype],
  ]);

export const castSpace: Space<typeof cast> = ({ tensor, shape, pick, dtypes }) => [tensor(shape()), pick(...dtypes)];

export const castBadSamples: BadSamples<typeof cast> = ({ uniform, wrong }) => [
  { args: [uniform([2]), wrong<DType>('float16')], error: 'DTypeError', names: ['cast', 'float16'] },
];
