import { backendOf, type TensorLike, toTensor } from '../../convert.ts';
import { checkDType, type DType } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { indexOperand } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { equal } from '../comparison.ts';
import { steps } from '../gather.ts';
import { reshaped } from '../reshape.ts';
import { select } from '../where.ts';

/** Attributes of `oneHot`. */
export interface OneHot {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype: DType;
}

export const oneHotOp: OpFunction<readonly [indices: Tensor], OneHot, Tensor> = composite('oneHot', {
  infer([{ shape }], { depth, dtype }) {
    checkDType('oneHot', dtype);
    return { shape: [...shape, depth], dtype };
  },
  compose([indices], { depth, onValue, offValue, dtype }) {
    const on = toTensor('oneHot', onValue, indices.backend, dtype);
    const hit = equal(reshaped(indices, [...indices.shape, 1]), steps(indices, depth, 1));
    return select(on, hit, on, offValue);
  },
});

/**
 * For each index a row of length `depth` with `onValue` at the index and `offValue` elsewhere; an index outside of the
 * row gives only `offValue`. As in tfjs, int32 unless `dtype` says otherwise.
 * @example
 * oneHot([0, 2], 3).print(); // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(indices: TensorLike, depth: number, onValue = 1, offValue = 0, dtype: DType = 'int32'): Tensor {
  if (!Number.isInteger(depth) || depth < 0) {
    throw new ShapeError(`oneHot: depth ${depth} must be a non-negative integer`);
  }
  const at = indexOperand('oneHot', indices, backendOf([indices]));
  return oneHotOp([at], { depth, onValue, offValue, dtype });
}

export const oneHotSamples: Samples<typeof oneHot> = ({ indices, dtypes }) => [
  [indices([4], 3), 3],
  [indices([2, 3], 4), 3, 5, -2],
  [[0, -1, 7], 2],
  ...dtypes.map((dtype): Parameters<typeof oneHot> => [indices([4], 3), 3, 1, 0, dtype]),
  [indices([], 2), 2],
  [indices([0], 2), 2],
  [indices([2], 2), 0],
];

export const oneHotSpace: Space<typeof oneHot> = ({ indices, shape, int, pick, dtypes }) => {
  const depth = int(0, 4);
  return [indices(shape(0, 3), depth + 2), depth, pick(1, 5, 0), pick(0, -2, 1), pick(undefined, ...dtypes)];
};

export const oneHotBadSamples: BadSamples<typeof oneHot> = ({ uniform, indices, wrong }) => [
  { args: [uniform([2]), 3], error: 'DTypeError', names: ['oneHot', 'int32'] },
  { args: [indices([2], 3), -1], error: 'ShapeError', names: ['oneHot', '-1'] },
  { args: [indices([2], 3), 3, 1, 0, wrong<DType>('int8')], error: 'DTypeError', names: ['oneHot', 'int8'] },
  { args: [wrong(null), 3], error: 'ArgumentError', names: ['oneHot', 'null'] },
];
