import { backendOf, type TensorLike } from '../../convert.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { keepAxes, normalizeAxes } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { square, sub } from '../arithmetic.ts';
import { fitting } from '../comparison.ts';
import { rsqrt } from '../exponential.ts';
import { meanOp } from '../mean.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { centred, varianceOp } from '../variance.ts';

/** Attributes of `layerNorm`. */
export interface LayerNorm {
  readonly axes: readonly number[];
  readonly epsilon: number;
}

export const layerNormOp: OpFunction<readonly [x: Tensor], LayerNorm, Tensor> = composite('layerNorm', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0, 'y'],
  compose([x], { axes, epsilon }) {
    const distance = centred(x, axes);
    return mul(distance, rsqrt(add(averaged(square(distance), axes), epsilon)));
  },
  vjp(g, [x], y, { axes, epsilon }) {
    const spread = reshaped(varianceOp([x], { axes }), keepAxes(x.shape, axes));
    const along = mul(y, averaged(mul(g, y), axes));
    return mul(sub(centred(g, axes), along), rsqrt(add(spread, epsilon)));
  },
});

/** The mean over `axes`, which stay with length 1. */
export function averaged(x: Tensor, axes: readonly number[]): Tensor {
  return reshaped(meanOp([x], { axes }), keepAxes(x.shape, axes));
}

/** `y` times `scale`, plus `offset`, where they are given; both broadcast against it. */
export function scaledAndShifted(
  op: string,
  y: Tensor,
  scale: TensorLike | null | undefined,
  offset: TensorLike | null | undefined,
): Tensor {
  const scaled = scale === undefined || scale === null ? y : mul(...fitting(op, y, scale, 'float'));
  return offset === undefined || offset === null ? scaled : add(...fitting(op, scaled, offset, 'float'));
}

/**
 * `x` with mean 0 and variance 1 over `axis`, times `scale`, plus `offset`, which broadcast against it. `epsilon` is
 * added to the variance.
 * @example
 * layerNorm([1, 3], -1, 2, 10).print(); // [8.00001, 11.99999]
 */
export function layerNorm(
  x: TensorLike,
  axis: number | readonly number[] = -1,
  scale?: TensorLike | null,
  offset?: TensorLike | null,
  epsilon = 1e-5,
): SameRank {
  const [tensor] = operands('layerNorm', [x], 'float', backendOf([x, scale ?? 1, offset ?? 0]));
  const axes = normalizeAxes('layerNorm', axis, tensor.shape);
  return scaledAndShifted('layerNorm', layerNormOp([tensor], { axes, epsilon }), scale, offset);
}

export const layerNormSamples: Samples<typeof layerNorm> = ({ uniform }) => [
  [uniform([2, 5])],
  [uniform([2, 3, 4]), [1, 2], uniform([3, 4]), uniform([3, 4])],
  [uniform([2, 3, 4]), 1, uniform([3, 1]), null, 0.01],
  [uniform([2, 4]), -1, null, uniform([4])],
  [uniform([0, 3])],
];

export const layerNormSpace: Space<typeof layerNorm> = ({ uniform, shape, axes, narrowed, pick }) => {
  const lengths = shape(1, 3);
  const parameter = (): Tensor | number | null | undefined =>
    pick(undefined, null, 2, uniform(narrowed(lengths), -1, 1));
  return [uniform(lengths), axes(lengths.length) ?? undefined, parameter(), parameter(), pick(0.1, 0.5)];
};

export const layerNormBadSamples: BadSamples<typeof layerNorm> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2], error: 'ShapeError', names: ['layerNorm', '[2,3]', '2'] },
  { args: [uniform([2, 3]), -1, uniform([2])], error: 'ShapeError', names: ['layerNorm', '[2,3]', '[2]'] },
  { args: [uniform([3]), -1, null, uniform([2, 3])], error: 'ShapeError', names: ['layerNorm', '[2,3]', '[3]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['layerNorm', 'null'] },
];
