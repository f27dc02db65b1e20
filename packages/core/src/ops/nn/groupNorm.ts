import { backendOf, type TensorLike } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { normalizeAxes, showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { square } from '../arithmetic.ts';
import { rsqrt } from '../exponential.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { averaged, type LayerNorm, layerNormOp, scaledAndShifted } from './layerNorm.ts';

export const rmsNormOp: OpFunction<readonly [x: Tensor], LayerNorm, Tensor> = composite('rmsNorm', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  compose: ([x], { axes, epsilon }) => mul(x, rsqrt(add(averaged(square(x), axes), epsilon))),
});

/**
 * `x` divided by the root of the mean of its squares over `axis`, to which `epsilon` is added, times `scale`, which
 * broadcasts against it (Zhang and Sennrich, "Root Mean Square Layer Normalization").
 * @example
 * rmsNorm([1, 7], -1, 10).print(); // [2, 14]
 */
export function rmsNorm(
  x: TensorLike,
  axis: number | readonly number[] = -1,
  scale?: TensorLike | null,
  epsilon = 1e-6,
): SameRank {
  const [tensor] = operands('rmsNorm', [x], 'float', backendOf([x, scale ?? 1]));
  const axes = normalizeAxes('rmsNorm', axis, tensor.shape);
  return scaledAndShifted('rmsNorm', rmsNormOp([tensor], { axes, epsilon }), scale, null);
}

/**
 * `x` [batch, ...spatial, channels] with mean 0 and variance 1 over each image and each of `groups` equal parts of its
 * channels, times `scale`, plus `offset`, which broadcast against it. `epsilon` is added to the variance (Wu and He,
 * "Group Normalization").
 * @example
 * groupNorm([[1, 3, 10, 30]], 2).print(); // [[-0.999995, 0.999995, -1, 1]]
 */
export function groupNorm(
  x: TensorLike,
  groups: number,
  scale?: TensorLike | null,
  offset?: TensorLike | null,
  epsilon = 1e-5,
): SameRank {
  const [tensor] = operands('groupNorm', [x], 'float', backendOf([x, scale ?? 1, offset ?? 0]));
  const channels = tensor.shape[tensor.rank - 1];
  if (tensor.rank < 2 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ShapeError(
      `groupNorm: x of shape ${showShape(tensor.shape)} must have a batch and channels that divide into ${groups} groups`,
    );
  }
  const parts = reshaped(tensor, [...tensor.shape.slice(0, -1), groups, channels / groups]);
  const axes = parts.shape.map((_, i) => i).filter((i) => i > 0 && i !== tensor.rank - 1);
  return scaledAndShifted('groupNorm', reshaped(layerNormOp([parts], { axes, epsilon }), tensor.shape), scale, offset);
}

export const rmsNormSamples: Samples<typeof rmsNorm> = ({ uniform }) => [
  [uniform([2, 5])],
  [uniform([2, 3, 4]), [1, -1], uniform([3, 4])],
  [uniform([4]), 0, 2, 0.01],
  [uniform([0, 3])],
];

export const rmsNormSpace: Space<typeof rmsNorm> = ({ uniform, shape, axes, narrowed, pick }) => {
  const lengths = shape(1, 3);
  const parameter = (): Tensor | number | null | undefined =>
    pick(undefined, null, 2, uniform(narrowed(lengths), -1, 1));
  return [uniform(lengths), axes(lengths.length) ?? undefined, parameter(), pick(0.1, 0.5)];
};

export const groupNormSamples: Samples<typeof groupNorm> = ({ uniform }) => [
  [uniform([2, 3, 2, 4]), 2],
  [uniform([2, 6]), 2, uniform([6]), uniform([6]), 0.1],
  [uniform([2, 2, 3]), 1, null, 0.5, 0.01],
  [uniform([0, 2, 2]), 2],
];

export const groupNormSpace: Space<typeof groupNorm> = ({ uniform, shape, length, int, pick }) => {
  const [groups, size] = [int(1, 3), int(1, 3)];
  const parameter = (): Tensor | number | null | undefined => pick(undefined, null, 2, uniform([groups * size], -1, 1));
  return [uniform([length(), ...shape(0, 2), groups * size]), groups, parameter(), parameter(), pick(0.1, 0.5)];
};

export const rmsNormBadSamples: BadSamples<typeof rmsNorm> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2], error: 'ShapeError', names: ['rmsNorm', '[2,3]', '2'] },
  { args: [uniform([2, 3]), -1, uniform([2])], error: 'ShapeError', names: ['rmsNorm', '[2,3]', '[2]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['rmsNorm', 'null'] },
];

export const groupNormBadSamples: BadSamples<typeof groupNorm> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2], error: 'ShapeError', names: ['groupNorm', '[2,3]', '2'] },
  { args: [uniform([4]), 2], error: 'ShapeError', names: ['groupNorm', '[4]'] },
  { args: [uniform([2, 4]), 0], error: 'ShapeError', names: ['groupNorm', '0'] },
  { args: [wrong(null), 1], error: 'ArgumentError', names: ['groupNorm', 'null'] },
];
