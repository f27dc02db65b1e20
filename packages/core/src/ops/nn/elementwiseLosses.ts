import type { TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { normalizeAxis, sameShape, showShape } from '../../shape.ts';
import type { Loss } from '../../signatures.ts';
import { weightsOf } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { abs, square, sub } from '../arithmetic.ts';
import { less } from '../comparison.ts';
import { log } from '../exponential.ts';
import { add, mul, neg } from '../pointwise.ts';
import { sum } from '../sum.ts';
import { select } from '../where.ts';
import { computeWeightedLoss, Reduction } from './losses.ts';
import { relu } from './relu.ts';
import { softplus } from './softplus.ts';

/** How the losses of single examples become one. */
type Weighing = [weights?: TensorLike | null | undefined, reduction?: Reduction | undefined];

/** Compares labels and predictions of one shape, and weighs and reduces what comes of it. */
function weighted(
  op: string,
  labels: TensorLike,
  predictions: TensorLike,
  weighing: Weighing,
  loss: (labels: Tensor, predictions: Tensor) => Tensor,
): Tensor {
  const [y, p] = operands(op, [labels, predictions], 'float');
  if (!sameShape(y.shape, p.shape)) {
    throw new ShapeError(
      `${op}: labels of shape ${showShape(y.shape)} and predictions of shape ${showShape(p.shape)} must have one shape`,
    );
  }
  return computeWeightedLoss(loss(y, p), ...weighing);
}

/**
 * The weighted mean of |labels - predictions|.
 * @example
 * absoluteDifference([1, 2], [3, 3]).print(); // 1.5
 */
export function absoluteDifference(labels: TensorLike, predictions: TensorLike, ...weighing: Weighing): Loss {
  return weighted('absoluteDifference', labels, predictions, weighing, (y, p) => abs(sub(y, p)));
}

/**
 * The weighted mean of (labels - predictions)².
 * @example
 * meanSquaredError([1, 2], [3, 3]).print(); // 2.5
 */
export function meanSquaredError(labels: TensorLike, predictions: TensorLike, ...weighing: Weighing): Loss {
  return weighted('meanSquaredError', labels, predictions, weighing, (y, p) => square(sub(y, p)));
}

/**
 * The weighted mean of 1 minus the inner products, along `axis`, of vectors that are of unit length already.
 * @example
 * cosineDistance([[1, 0]], [[0.6, 0.8]], 1).print(); // 0.4
 */
export function cosineDistance(labels: TensorLike, predictions: TensorLike, axis: number, ...weighing: Weighing): Loss {
  return weighted('cosineDistance', labels, predictions, weighing, (y, p) =>
    sub(1, sum(mul(y, p), normalizeAxis('cosineDistance', axis, y.shape), true)),
  );
}

/**
 * The weighted mean of max(0, 1 - s * prediction), where s is 1 for the label 1 and -1 for the label 0.
 * @example
 * hingeLoss([1, 0], [0.5, 0.5]).print(); // 1
 */
export function hingeLoss(labels: TensorLike, predictions: TensorLike, ...weighing: Weighing): Loss {
  return weighted('hingeLoss', labels, predictions, weighing, (y, p) => relu(sub(1, mul(sub(mul(y, 2), 1), p))));
}

/**
 * The weighted mean of a loss that is e² / 2 for errors e below `delta`, and goes on in a straight line above.
 * @example
 * huberLoss([0, 0], [0.5, 3]).print(); // 1.3125
 */
export function huberLoss(
  labels: TensorLike,
  predictions: TensorLike,
  weights?: TensorLike | null,
  delta = 1,
  reduction?: Reduction,
): Loss {
  if (!(delta >= 0)) throw new ArgumentError(`huberLoss: delta ${delta} must not be negative`);
  return weighted('huberLoss', labels, predictions, [weights, reduction], (y, p) => {
    const error = sub(p, y);
    const size = abs(error);
    // The parabola in the error itself, not in its size, so that the second derivative at 0 is 1.
    return select(size, less(size, delta), mul(square(error), 0.5), mul(sub(size, delta / 2), delta));
  });
}

/**
 * The weighted mean of -log(prediction) where the label is 1 and of -log(1 - prediction) where it is 0, with `epsilon`
 * added inside the logarithms.
 * @example
 * logLoss([1, 0], [0.5, 0.5], null, 0).print(); // 0.6931472
 */
export function logLoss(
  labels: TensorLike,
  predictions: TensorLike,
  weights?: TensorLike | null,
  epsilon = 1e-7,
  reduction?: Reduction,
): Loss {
  return weighted('logLoss', labels, predictions, [weights, reduction], (y, p) =>
    neg(add(mul(y, log(add(p, epsilon))), mul(sub(1, y), log(add(sub(1, p), epsilon))))),
  );
}

/**
 * The weighted mean of the cross entropies between labels in [0, 1] and the sigmoids of `logits`, finite for all of
 * them. `labelSmoothing` moves that share of each label to 1/2.
 * @example
 * sigmoidCrossEntropy([1, 0], [0, 0]).print(); // 0.6931472
 */
export function sigmoidCrossEntropy(
  multiClassLabels: TensorLike,
  logits: TensorLike,
  weights?: TensorLike | null,
  labelSmoothing = 0,
  reduction?: Reduction,
): Loss {
  return weighted('sigmoidCrossEntropy', multiClassLabels, logits, [weights, reduction], (labels, x) => {
    const y = labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / 2);
    return sub(softplus(x), mul(x, y));
  });
}

// Errors are at least 0.1 from 0 and from 1, where some of these have kinks.
const samples: Samples<typeof absoluteDifference> = ({ uniform }) => [
  [uniform([2, 3], 0, 0.4), uniform([2, 3], 0.5, 0.9)],
  [uniform([2, 3], 0, 0.4), uniform([2, 3], 0.5, 0.9), uniform([2, 1], 0.5, 1), Reduction.MEAN],
  [uniform([3], 0, 0.4), uniform([3], 0.5, 0.9), [0, 1, 2], Reduction.SUM],
  [uniform([3], 0.5, 0.9), uniform([3], 0, 0.4), null, Reduction.NONE],
  [uniform([3], 0, 0.4), uniform([3], 0.5, 0.9), [0, 1, 2]],
  [uniform([], 0, 0.4), uniform([], 0.5, 0.9)],
];

const logisticSamples: Samples<typeof logLoss> = (generator) => {
  const rest = samples(generator).map(([y, p, weights, reduction]) => [y, p, weights, 0.2, reduction]);
  return [...rest.map((args) => args as Parameters<typeof logLoss>), [[0, 1], generator.uniform([2], 0.2, 0.8)]];
};

export const absoluteDifferenceSamples: Samples<typeof absoluteDifference> = samples;

/** Labels and predictions whose differences are at least 0.1 from 0 and from 1, weights, and how to reduce. */
const weightedSpace: Space<typeof absoluteDifference> = (draw) => {
  const lengths = draw.shape(0, 3);
  const pair = [draw.uniform(lengths, 0, 0.4), draw.uniform(lengths, 0.5, 0.9)] as const;
  return [...pair, weightsOf(draw, lengths), draw.pick(undefined, ...Object.values(Reduction))];
};

/** The same with a number before the reduction. */
/* @__NO_SIDE_EFFECTS__ */
function parameterised(values: readonly number[]): Space<typeof logLoss> {
  return (draw) => {
    const [labels, predictions, weights, reduction] = weightedSpace(draw);
    return [labels, predictions, weights, draw.pick(undefined, ...values), reduction];
  };
}

export const absoluteDifferenceSpace: Space<typeof absoluteDifference> = weightedSpace;
export const meanSquaredErrorSamples: Samples<typeof meanSquaredError> = samples;

export const meanSquaredErrorSpace: Space<typeof meanSquaredError> = weightedSpace;
export const hingeLossSamples: Samples<typeof hingeLoss> = samples;

export const hingeLossSpace: Space<typeof hingeLoss> = weightedSpace;
export const logLossSamples: Samples<typeof logLoss> = logisticSamples;

export const logLossSpace: Space<typeof logLoss> = parameterised([0.2, 1e-3]);
export const sigmoidCrossEntropySamples: Samples<typeof sigmoidCrossEntropy> = logisticSamples;

export const sigmoidCrossEntropySpace: Space<typeof sigmoidCrossEntropy> = parameterised([0, 0.2]);

export const huberLossSamples: Samples<typeof huberLoss> = ({ uniform, exactly }) => [
  [uniform([2, 3], 0, 0.4), uniform([2, 3], 0.5, 0.9)],
  [uniform([2, 3], 0, 0.4), uniform([2, 3], 2, 3), uniform([2, 1], 0.5, 1), 0.7],
  [exactly([0, 1]), exactly([0, 1])],
  [uniform([3]), uniform([3], 2.5, 3), null, 1.2, Reduction.NONE],
];

export const huberLossSpace: Space<typeof huberLoss> = parameterised([0, 0.95, 0.05]);

export const cosineDistanceSamples: Samples<typeof cosineDistance> = ({ uniform }) => [
  [uniform([2, 3]), uniform([2, 3]), 1],
  [uniform([2, 3]), uniform([2, 3]), -2, uniform([1, 3], 0.5, 1), Reduction.MEAN],
  [uniform([4]), uniform([4]), 0, null, Reduction.NONE],
];

export const cosineDistanceSpace: Space<typeof cosineDistance> = (draw) => {
  const { uniform, pick } = draw;
  const lengths = draw.shape(1, 3);
  const axis = draw.int(0, lengths.length - 1);
  const weights = weightsOf(
    draw,
    lengths.map((n, i) => (i === axis ? 1 : n)),
  );
  const reduction = pick(undefined, ...Object.values(Reduction));
  return [uniform(lengths), uniform(lengths), axis - pick(0, lengths.length), weights, reduction];
};

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string): BadSamples<(labels: TensorLike, predictions: TensorLike) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), uniform([3])], error: 'ShapeError', names: [op, '[2,3]', '[3]'] },
    { args: [wrong(null), uniform([3])], error: 'ArgumentError', names: [op, 'null'] },
    { args: [uniform([3]), wrong('1')], error: 'ArgumentError', names: [op, 'string'] },
  ];
}

export const absoluteDifferenceBadSamples: BadSamples<typeof absoluteDifference> = refused('absoluteDifference');
export const meanSquaredErrorBadSamples: BadSamples<typeof meanSquaredError> = refused('meanSquaredError');
export const hingeLossBadSamples: BadSamples<typeof hingeLoss> = refused('hingeLoss');
export const logLossBadSamples: BadSamples<typeof logLoss> = refused('logLoss');
export const sigmoidCrossEntropyBadSamples: BadSamples<typeof sigmoidCrossEntropy> = refused('sigmoidCrossEntropy');

export const huberLossBadSamples: BadSamples<typeof huberLoss> = (generator) => [
  ...refused('huberLoss')(generator),
  { args: [0, 1, null, -1], error: 'ArgumentError', names: ['huberLoss', '-1'] },
];

export const cosineDistanceBadSamples: BadSamples<typeof cosineDistance> = ({ uniform }) => [
  { args: [uniform([2, 3]), uniform([3]), 1], error: 'ShapeError', names: ['cosineDistance', '[2,3]', '[3]'] },
  { args: [uniform([2, 3]), uniform([2, 3]), 2], error: 'ShapeError', names: ['cosineDistance', '2', '[2,3]'] },
];
