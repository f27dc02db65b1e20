import { given, type TensorLike } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { broadcastShapes, type Shape, sameShape, showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { square, sub } from '../arithmetic.ts';
import { rsqrt } from '../exponential.ts';
import { add, mul, neg } from '../pointwise.ts';
import { unbroadcast } from '../sum.ts';

/** Attributes of `batchNorm`: which of its optional inputs follow the variance. */
export interface BatchNorm {
  readonly offset: boolean;
  readonly scale: boolean;
  readonly epsilon: number;
}

/** Inputs are x, mean and variance, then the offset and the scale as far as there are any. */
export const batchNormOp: OpFunction<readonly Tensor[], BatchNorm, Tensor> = composite('batchNorm', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0, 1, 2, 3, 4],
  compose(inputs, attrs) {
    const [x, mean] = inputs;
    const scaled = mul(sub(x, mean), factorsOf(inputs, attrs).factor);
    return attrs.offset ? add(scaled, inputs[3]) : scaled;
  },
  vjp(g, inputs, _y, attrs, needs) {
    const [x, mean, variance, ...others] = inputs;
    const { spread, factor, scale } = factorsOf(inputs, attrs);
    const gx = needs[0] ? mul(g, factor) : null;
    if (!needs.slice(1).includes(true)) return [gx, null, null, ...others.map(() => null)];
    // What one parameter does not vary along may vary with another one: both sums serve all of them.
    const shape = inputs.slice(1).reduce((all: Shape, one) => broadcastShapes('batchNorm', all, one.shape), []);
    const sums = unbroadcast(g, shape);
    const products = unbroadcast(mul(g, sub(x, mean)), shape);
    const slope = mul(square(spread), -0.5);
    return [
      gx,
      unbroadcast(neg(mul(sums, factor)), mean.shape),
      unbroadcast(mul(mul(products, factor), slope), variance.shape),
      ...(attrs.offset ? [unbroadcast(sums, others[0].shape)] : []),
      ...(scale === null ? [] : [unbroadcast(mul(products, spread), scale.shape)]),
    ];
  },
});

/** What distances from the mean are divided and multiplied by. */
function factorsOf(
  inputs: readonly Tensor[],
  { offset, scale, epsilon }: BatchNorm,
): { readonly spread: Tensor; readonly factor: Tensor; readonly scale: Tensor | null } {
  const spread = rsqrt(add(inputs[2], epsilon));
  if (!scale) return { spread, factor: spread, scale: null };
  const parameter = inputs[offset ? 4 : 3];
  return { spread, factor: mul(spread, parameter), scale: parameter };
}

type Arguments = [
  x: TensorLike,
  mean: TensorLike,
  variance: TensorLike,
  offset?: TensorLike | null,
  scale?: TensorLike | null,
  varianceEpsilon?: number | null,
];

function normalized(op: string, rank: number | undefined, ...args: Arguments): Tensor {
  const [x, mean, variance, offset, scale, epsilon] = args;
  const tensors = operands(op, [x, mean, variance, ...[offset, scale].filter(given)], 'float');
  const [images, ...parameters] = tensors;
  if (rank !== undefined && images.rank !== rank) {
    throw new ShapeError(`${op}: x of shape ${showShape(images.shape)} must have ${rank} axes`);
  }
  for (const { shape } of parameters) {
    const full = shape.length === images.rank;
    if (
      shape.length !== parameters[0].rank ||
      (rank !== undefined && shape.length !== 1 && !full) ||
      !sameShape(broadcastShapes(op, images.shape, shape), images.shape)
    ) {
      throw new ShapeError(
        `${op}: mean, variance, offset and scale must have one number of axes and broadcast to x of shape ${showShape(images.shape)}, got ${parameters.map((one) => showShape(one.shape)).join(', ')}`,
      );
    }
  }
  return batchNormOp(tensors, { offset: given(offset), scale: given(scale), epsilon: epsilon ?? 0.001 });
}

/**
 * (x - mean) / sqrt(variance + varianceEpsilon) * scale + offset, where the parameters, often one number for each
 * channel, broadcast against x.
 * @example
 * batchNorm([[1, 10], [3, 30]], [2, 20], [1, 100], [5, 6], null, 0).print(); // [[4, 5], [6, 7]]
 */
export function batchNorm(
  x: TensorLike,
  mean: TensorLike,
  variance: TensorLike,
  offset?: TensorLike | null,
  scale?: TensorLike | null,
  varianceEpsilon?: number | null,
): SameRank {
  return normalized('batchNorm', undefined, x, mean, variance, offset, scale, varianceEpsilon);
}

/**
 * `batchNorm` of rows [batch, channels], with parameters of one or two axes.
 * @example
 * batchNorm2d([[1, 10], [3, 30]], [2, 20], [1, 100], null, [1, 2], 0).print(); // [[-1, -2], [1, 2]]
 */
export function batchNorm2d(...args: Arguments): SameRank {
  return normalized('batchNorm2d', 2, ...args);
}

/**
 * `batchNorm` of one image [height, width, channels], with parameters of one or three axes.
 * @example
 * batchNorm3d([[[1, 10]]], [2, 20], [1, 100], null, null, 0).print(); // [[[-1, -1]]]
 */
export function batchNorm3d(...args: Arguments): SameRank {
  return normalized('batchNorm3d', 3, ...args);
}

/**
 * `batchNorm` of images [batch, height, width, channels], with parameters of one or four axes.
 * @example
 * batchNorm4d([[[[1, 10]]]], [2, 20], [1, 100], null, null, 0).print(); // [[[[-1, -1]]]]
 */
export function batchNorm4d(...args: Arguments): SameRank {
  return normalized('batchNorm4d', 4, ...args);
}

/* @__NO_SIDE_EFFECTS__ */
function samplesOf(...shapes: readonly (readonly number[])[]): Samples<typeof batchNorm> {
  return ({ uniform }) =>
    shapes.flatMap((shape): Arguments[] => {
      const channels = shape.slice(-1);
      const parameter = (): Tensor => uniform(channels);
      const spread = (): Tensor => uniform(channels, 0.5, 1);
      return [
        [uniform(shape), parameter(), spread()],
        [uniform(shape), parameter(), spread(), parameter(), parameter(), 0.01],
        [uniform(shape), parameter(), spread(), null, parameter()],
        [uniform(shape), uniform(shape), uniform(shape, 0.5, 1), uniform(shape)],
      ];
    });
}

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string, shape: readonly number[]): BadSamples<typeof batchNorm> {
  return ({ uniform, wrong }) => [
    { args: [uniform(shape), uniform([3]), uniform([3])], error: 'ShapeError', names: [op, '[3]'] },
    { args: [uniform(shape), uniform([2]), uniform([1, 2])], error: 'ShapeError', names: [op, '[1,2]'] },
    { args: [uniform([2]), uniform([2]), uniform([1, 2])], error: 'ShapeError', names: [op, '[2]'] },
    { args: [uniform(shape), uniform([2]), wrong(null)], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

export const batchNormSamples: Samples<typeof batchNorm> = samplesOf([4, 2], [2, 1, 2, 2, 3], [0, 2]);

/* @__NO_SIDE_EFFECTS__ */
function spaceOf(least: number, most: number): Space<typeof batchNorm> {
  return ({ uniform, list, int, length, pick }) => {
    const lengths = list(int(least, most), () => length());
    const parameters = pick(lengths.slice(-1), lengths);
    const optional = (): Tensor | null | undefined => pick(undefined, null, uniform(parameters));
    const moments = [uniform(parameters), uniform(parameters, 0.5, 1)] as const;
    return [uniform(lengths), ...moments, optional(), optional(), pick(undefined, null, 0.01)];
  };
}

export const batchNormSpace: Space<typeof batchNorm> = spaceOf(1, 4);
export const batchNorm2dSamples: Samples<typeof batchNorm2d> = samplesOf([3, 2]);

export const batchNorm2dSpace: Space<typeof batchNorm2d> = spaceOf(2, 2);
export const batchNorm3dSamples: Samples<typeof batchNorm3d> = samplesOf([2, 2, 2]);

export const batchNorm3dSpace: Space<typeof batchNorm3d> = spaceOf(3, 3);
export const batchNorm4dSamples: Samples<typeof batchNorm4d> = samplesOf([2, 1, 2, 2]);

export const batchNorm4dSpace: Space<typeof batchNorm4d> = spaceOf(4, 4);

export const batchNormBadSamples: BadSamples<typeof batchNorm> = refused('batchNorm', [4, 2]);
export const batchNorm2dBadSamples: BadSamples<typeof batchNorm2d> = refused('batchNorm2d', [4, 2]);
export const batchNorm3dBadSamples: BadSamples<typeof batchNorm3d> = refused('batchNorm3d', [2, 2, 2]);
export const batchNorm4dBadSamples: BadSamples<typeof batchNorm4d> = refused('batchNorm4d', [1, 2, 2, 2]);
