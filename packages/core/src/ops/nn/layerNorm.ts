import { given, type TensorLike } from '../../convert.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { keepAxes, normalizeAxes, type Shape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { square, sub } from '../arithmetic.ts';
import { fitting } from '../comparison.ts';
import { rsqrt } from '../exponential.ts';
import { meanOp } from '../mean.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { unbroadcast } from '../sum.ts';

/** Attributes of `layerNorm`: whether the mean is subtracted, and which of its optional inputs follow `x`. */
export interface LayerNorm {
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly centred: boolean;
  readonly scale: boolean;
  readonly offset: boolean;
}

/** Attributes of `layerNormGrad`: those of `layerNorm`, but the shape of the offset, or null. */
export interface LayerNormGrad extends Omit<LayerNorm, 'offset'> {
  readonly offset: Shape | null;
}

/** Inputs are x, then the scale and the offset as far as there are any. */
export const layerNormOp: OpFunction<readonly Tensor[], LayerNorm, Tensor> = composite('layerNorm', {
  infer: ([{ shape, dtype }]) => ({ shape, dtype }),
  saves: [0, 1],
  compose([x, ...others], attrs) {
    const { scale, offset } = attrs;
    if (!scale && !offset) return mul(...standardizing(x, attrs));
    const y = layerNormOp([x], { ...attrs, scale: false, offset: false });
    const scaled = scale ? mul(y, others[0]) : y;
    return offset ? add(scaled, others[scale ? 1 : 0]) : scaled;
  },
  vjp(g, [x, ...others], _y, attrs) {
    const { scale, offset } = attrs;
    const shape = offset ? others[scale ? 1 : 0].shape : null;
    return layerNormGradOp(scale ? [g, x, others[0]] : [g, x], { ...attrs, offset: shape });
  },
});

/** Inputs are the cotangent, x and the scale if there is one; outputs the cotangents of x, scale and offset. */
export const layerNormGradOp: OpFunction<readonly Tensor[], LayerNormGrad, readonly Tensor[]> = composite(
  'layerNormGrad',
  {
    outputs: 'many',
    infer([g, x, scale], attrs) {
      const { dtype } = g;
      const shapes = [x.shape, attrs.scale ? scale.shape : null, attrs.offset];
      return shapes.flatMap((shape) => (shape === null ? [] : [{ shape, dtype }]));
    },
    compose([g, x, scale], attrs) {
      const { axes, centred } = attrs;
      const [distance, factor] = standardizing(x, attrs);
      const y = mul(distance, factor);
      const scaled = attrs.scale ? mul(g, scale) : g;
      const across = centred ? sub(scaled, averaged(scaled, axes)) : scaled;
      const outputs = [mul(sub(across, mul(y, averaged(mul(scaled, y), axes))), factor)];
      if (attrs.scale) outputs.push(unbroadcast(mul(g, y), scale.shape));
      if (attrs.offset !== null) outputs.push(unbroadcast(g, attrs.offset));
      return outputs;
    },
  },
);

/** The distances from the mean, or from 0, and what they are multiplied by. */
function standardizing(
  x: Tensor,
  { axes, epsilon, centred }: Pick<LayerNorm, 'axes' | 'epsilon' | 'centred'>,
): [distance: Tensor, factor: Tensor] {
  const distance = centred ? sub(x, averaged(x, axes)) : x;
  return [distance, rsqrt(add(averaged(square(distance), axes), epsilon))];
}

/** The mean over `axes`, which stay with length 1. */
function averaged(x: Tensor, axes: readonly number[]): Tensor {
  return reshaped(meanOp([x], { axes }), keepAxes(x.shape, axes));
}

/** The common front of normalisations over `axis`. */
export function normalized(
  op: string,
  x: TensorLike,
  axis: number | readonly number[],
  scale: TensorLike | null | undefined,
  offset: TensorLike | null | undefined,
  { epsilon, centred }: Pick<LayerNorm, 'epsilon' | 'centred'>,
): Tensor {
  const inputs = parametrized(op, x, scale, offset);
  const axes = normalizeAxes(op, axis, inputs[0].shape);
  return layerNormOp(inputs, { axes, epsilon, centred, scale: given(scale), offset: given(offset) });
}

/** `x`, then the scale and the offset as far as they are given, which broadcast against it. */
export function parametrized(
  op: string,
  x: TensorLike,
  scale: TensorLike | null | undefined,
  offset: TensorLike | null | undefined,
): Tensor[] {
  const tensors = operands(op, [x, ...[scale, offset].filter(given)], 'float');
  for (const parameter of tensors.slice(1)) fitting(op, tensors[0], parameter);
  return tensors;
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
  return normalized('layerNorm', x, axis, scale, offset, { epsilon, centred: true });
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
