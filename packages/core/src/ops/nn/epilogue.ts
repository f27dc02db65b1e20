import { type TensorLike, toTensor } from '../../convert.ts';
import { ArgumentError } from '../../errors.ts';
import { castTo } from '../../promote.ts';
import type { Draw } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { fitting } from '../comparison.ts';
import { sigmoid } from '../exponential.ts';
import { add } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { leakyRelu, prelu, relu, relu6 } from './relu.ts';
import { elu } from './softplus.ts';

/** The activations that tfjs's fused ops know. */
export type FusedActivation = 'linear' | 'relu' | 'relu6' | 'prelu' | 'elu' | 'leakyrelu' | 'sigmoid';

/** What follows a contraction in one op. */
export interface Epilogue {
  /** Added before the activation; for images in NCHW one number per channel, or a scalar. */
  readonly bias?: TensorLike | null | undefined;
  readonly activation?: FusedActivation | null | undefined;
  /** The slopes of 'prelu'. */
  readonly preluActivationWeights?: TensorLike | null | undefined;
  /** The slope of 'leakyrelu'. Default: 0.2. */
  readonly leakyreluAlpha?: number | null | undefined;
}

type Slopes = (x: Tensor) => Tensor;

const ACTIVATIONS: Readonly<Record<FusedActivation, (x: Tensor, alpha: number, slopes: Slopes) => Tensor>> = {
  linear: (x) => x,
  relu: (x) => relu(x),
  relu6: (x) => relu6(x),
  prelu: (x, _alpha, slopes) => prelu(x, slopes(x)),
  elu: (x) => elu(x),
  leakyrelu: (x, alpha) => leakyRelu(x, alpha),
  sigmoid: (x) => sigmoid(x),
};

/** `y` plus the bias, through the activation; parameters of one axis follow the channels. */
export function finished(op: string, y: Tensor, epilogue: Epilogue, channelsFirst = false): Tensor {
  const { bias, preluActivationWeights, leakyreluAlpha } = epilogue;
  const activation = epilogue.activation ?? 'linear';
  if (!Object.hasOwn(ACTIVATIONS, activation)) {
    throw new ArgumentError(
      `${op}: unknown activation '${String(activation)}'; use one of ${Object.keys(ACTIVATIONS).join(', ')}`,
    );
  }
  const along = (parameter: TensorLike): Tensor => {
    const given = castTo(toTensor(op, parameter, y.backend, y.dtype), y.dtype);
    const first = channelsFirst && given.rank === 1 ? reshaped(given, [given.size, 1, 1]) : given;
    return fitting(op, y, first)[1];
  };
  const shifted = bias === undefined || bias === null ? y : add(y, along(bias));
  return ACTIVATIONS[activation](shifted, leakyreluAlpha ?? 0.2, () => {
    if (preluActivationWeights !== undefined && preluActivationWeights !== null) return along(preluActivationWeights);
    throw new ArgumentError(`${op}: the activation 'prelu' needs preluActivationWeights`);
  });
}

const NAMES: readonly FusedActivation[] = ['linear', 'relu', 'relu6', 'elu', 'leakyrelu', 'sigmoid'];

/** What may follow a contraction with so many features. */
export function epilogue({ uniform, pick }: Draw, features: number): Epilogue {
  const bias = pick(undefined, null, uniform([features]), uniform([]));
  return pick(
    { bias, activation: pick(...NAMES) },
    { bias, activation: 'leakyrelu', leakyreluAlpha: 0.1 },
    { bias, activation: 'prelu', preluActivationWeights: uniform([features]) },
  );
}
