import { given, type TensorLike } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { keepAxes, showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { meanOp } from '../mean.ts';
import { add } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { broadcasted } from '../sum.ts';
import { momentsOp } from '../variance.ts';
import { batchNormOp } from './batchNorm.ts';
import { normalized, parametrized } from './layerNorm.ts';

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
  return normalized('rmsNorm', x, axis, scale, null, { epsilon, centred: false });
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
  const [tensor, ...parameters] = parametrized('groupNorm', x, scale, offset);
  const { shape, rank } = tensor;
  const channels = shape[rank - 1];
  if (rank < 2 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ShapeError(
      `groupNorm: x of shape ${showShape(shape)} must have a batch and channels that divide into ${groups} groups`,
    );
  }
  const parts = [shape[0], groups, channels / groups];
  const spatial = shape.slice(1, -1).map((_, i) => i + 1);
  // The spread of a group is that inside its channels and that between them: all passes over x go along its rows.
  const [means, inside] = momentsOp([tensor], { axes: spatial }).map((moment) => reshaped(moment, parts));
  const [mean, between] = momentsOp([means], { axes: [2] });
  const variance = add(meanOp([inside], { axes: [2] }), between);
  const moments = [mean, variance].map((moment) =>
    reshaped(broadcasted(reshaped(moment, [...parts.slice(0, 2), 1]), parts), keepAxes(shape, spatial)),
  );
  const attrs = { scale: given(scale), offset: given(offset), epsilon };
  return batchNormOp([tensor, ...moments, ...parameters.reverse()], attrs);
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
