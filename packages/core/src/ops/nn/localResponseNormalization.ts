import type { TensorLike } from '../../convert.ts';
import { ArgumentError } from '../../errors.ts';
import { imageBatch } from '../../imageBatch.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { sizeOf } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { divOp, square, sub } from '../arithmetic.ts';
import { avgPoolOp } from '../avgPool.ts';
import { constant } from '../image/pixels.ts';
import { add, mul } from '../pointwise.ts';
import { pow } from '../power.ts';
import { reshaped } from '../reshape.ts';
import { permuted } from '../transpose.ts';

/** Attributes of `localResponseNormalization`. */
export interface LocalResponseNormalization {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

export const localResponseNormalizationOp: OpFunction<readonly [x: Tensor], LocalResponseNormalization, Tensor> =
  composite('localResponseNormalization', {
    infer: ([{ shape, dtype }]) => ({ shape, dtype }),
    compose: ([x], attrs) => mul(x, pow(energy(x, attrs), -attrs.beta)),
    vjp(g, [x], _y, attrs) {
      const { depthRadius, alpha, beta } = attrs;
      const around = energy(x, attrs);
      const shrunk = mul(g, pow(around, -beta));
      const near = sumsNearby(divOp(mul(x, shrunk), around), depthRadius);
      return sub(shrunk, mul(mul(x, near), 2 * alpha * beta));
    },
  });

/** bias + alpha * s. */
function energy(x: Tensor, { depthRadius, bias, alpha }: LocalResponseNormalization): Tensor {
  return add(mul(sumsNearby(square(x), depthRadius), alpha), bias);
}

/** Sums over the channels at most `radius` away, which is its own transpose: of means of windows, channels first. */
function sumsNearby(x: Tensor, radius: number): Tensor {
  const channels = x.shape[3];
  const pixels = sizeOf(x.shape.slice(0, 3));
  const planes = reshaped(permuted(reshaped(x, [pixels, channels]), [1, 0]), [1, channels, 1, pixels]);
  const pads = [
    [radius, radius],
    [0, 0],
  ] as const;
  const means = avgPoolOp([planes], { window: [2 * radius + 1, 1], strides: [1, 1], dilations: [1, 1], pads });
  const counts = Array.from(
    { length: channels },
    (_, at) => Math.min(at + radius, channels - 1) - Math.max(at - radius, 0) + 1,
  );
  const sums = mul(reshaped(means, [channels, pixels]), constant(x, counts, [channels, 1]));
  return reshaped(permuted(sums, [1, 0]), x.shape);
}

/**
 * Each element of one image or a batch of them [batch, height, width, channels], divided by (bias + alpha * s)^beta,
 * where s is the sum of the squares over the channels at most `depthRadius` away (Krizhevsky, Sutskever and Hinton,
 * "ImageNet Classification with Deep Convolutional Neural Networks").
 * @example
 * localResponseNormalization([[[1, 2, 2]]], 1, 0, 1, 0.5).print(); // [[[0.4472136, 0.6666667, 0.7071068]]]
 */
export function localResponseNormalization(x: TensorLike, depthRadius = 5, bias = 1, alpha = 1, beta = 0.5): SameRank {
  const op = 'localResponseNormalization';
  if (!Number.isInteger(depthRadius) || depthRadius < 0) {
    throw new ArgumentError(`${op}: depthRadius ${depthRadius} must be a non-negative integer`);
  }
  const { images, restore } = imageBatch(op, floatOperand(op, x), 2, 'NHWC');
  const radius = Math.min(depthRadius, images.shape[3]);
  return restore(localResponseNormalizationOp([images], { depthRadius: radius, bias, alpha, beta }));
}

export const localResponseNormalizationSamples: Samples<typeof localResponseNormalization> = ({ uniform }) => [
  [uniform([2, 1, 2, 4])],
  [uniform([1, 2, 5]), 1, 2, 0.5, 0.75],
  [uniform([1, 1, 1, 3]), 0, 1, 1, -1],
  [uniform([0, 2, 2, 3]), 2],
];

export const localResponseNormalizationSpace: Space<typeof localResponseNormalization> = ({
  uniform,
  list,
  int,
  length,
  pick,
}) => [
  uniform(list(int(3, 4), () => length())),
  pick(undefined, 0, 1, 2),
  pick(undefined, 2),
  pick(undefined, 0.5),
  pick(undefined, 0.75, 1, -1),
];

export const localResponseNormalizationBadSamples: BadSamples<typeof localResponseNormalization> = ({
  uniform,
  wrong,
}) => [
  { args: [uniform([2, 2])], error: 'ShapeError', names: ['localResponseNormalization', '[2,2]'] },
  { args: [uniform([2, 2, 2]), 1.5], error: 'ArgumentError', names: ['localResponseNormalization', '1.5'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['localResponseNormalization', 'null'] },
];
