import type { TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { castTo, floatOperand, operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { dropAxes, keepAxes, normalizeAxis, sameShape, showShape } from '../../shape.ts';
import type { Loss } from '../../signatures.ts';
import { weightsOf } from '../../spacePatterns.ts';
import type { Tensor } from '../../tensor.ts';
import { divOp, sub } from '../arithmetic.ts';
import { matched, notEqual } from '../comparison.ts';
import { mean } from '../mean.ts';
import { add, mul, neg } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { logSoftmaxOp, type Softmax, softmaxOp } from '../softmax.ts';
import { broadcasted, sum, sumOp } from '../sum.ts';

/** How the losses of single examples become one, in tfjs's numbers. */
export const Reduction = { NONE: 0, MEAN: 1, SUM: 2, SUM_BY_NONZERO_WEIGHTS: 3 } as const;

/** One of the values of `Reduction`. */
export type Reduction = (typeof Reduction)[keyof typeof Reduction];

export const softmaxCrossEntropyWithLogitsOp: OpFunction<readonly [labels: Tensor, logits: Tensor], Softmax, Tensor> =
  composite('softmaxCrossEntropyWithLogits', {
    infer: ([labels, logits], { axis }) => {
      if (!sameShape(labels.shape, logits.shape)) throw unequal('softmaxCrossEntropyWithLogits', labels, logits);
      return { shape: dropAxes(logits.shape, [axis]), dtype: logits.dtype };
    },
    saves: [0, 1],
    compose: ([labels, logits], { axis }) =>
      neg(sumOp([mul(labels, logSoftmaxOp([logits], { axis }))], { axes: [axis] })),
    vjp(g, [labels, logits], _y, { axis }, needs) {
      const kept = keepAxes(logits.shape, [axis]);
      const each = reshaped(g, kept);
      const weight = reshaped(sumOp([labels], { axes: [axis] }), kept);
      return [
        needs[0] ? neg(mul(each, logSoftmaxOp([logits], { axis }))) : null,
        needs[1] ? mul(each, sub(mul(softmaxOp([logits], { axis }), weight), labels)) : null,
      ];
    },
  });

function unequal(op: string, labels: { shape: readonly number[] }, logits: { shape: readonly number[] }): ShapeError {
  return new ShapeError(
    `${op}: labels of shape ${showShape(labels.shape)} and logits of shape ${showShape(logits.shape)} must have one shape`,
  );
}

/**
 * The cross entropy between each row of `labels`, a distribution, and the softmax of the row of `logits`, along `dim`
 * (default: the last axis), computed without overflow.
 * @example
 * softmaxCrossEntropyWithLogits([[0, 1]], [[0, 0]]).print(); // [0.6931472]
 */
export function softmaxCrossEntropyWithLogits(labels: TensorLike, logits: TensorLike, dim = -1): Tensor {
  const [p, q] = operands('softmaxCrossEntropyWithLogits', [labels, logits], 'float');
  return softmaxCrossEntropyWithLogitsOp([p, q], {
    axis: normalizeAxis('softmaxCrossEntropyWithLogits', dim, q.shape),
  });
}

/**
 * Weighs the losses of single examples and reduces them; the two broadcast against each other. `Reduction.MEAN` divides
 * by the sum of the weights, the default by how many of them are not 0.
 * @example
 * computeWeightedLoss([1, 2, 6], [1, 1, 0]).print(); // 1.5
 */
export function computeWeightedLoss(
  losses: TensorLike,
  weights?: TensorLike | null,
  reduction: Reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
): Loss {
  if (!Object.values(Reduction).includes(reduction)) {
    throw new ArgumentError(`computeWeightedLoss: unknown reduction ${String(reduction)}; use one of Reduction`);
  }
  const unweighted = weights === undefined || weights === null;
  if (unweighted) {
    const loss = floatOperand('computeWeightedLoss', losses);
    if (reduction === Reduction.NONE) return loss;
    return reduction === Reduction.SUM ? sum(loss) : mean(loss);
  }
  const [loss, weight] = matched('computeWeightedLoss', losses, weights, 'float');
  const weighted = mul(loss, weight);
  if (reduction === Reduction.NONE) return weighted;
  if (reduction === Reduction.SUM) return sum(weighted);
  const counted = reduction === Reduction.MEAN ? weight : castTo(notEqual(weight, 0), weight.dtype);
  return divOp(sum(weighted), sum(broadcasted(counted, weighted.shape)));
}

/**
 * The weighted mean of the cross entropies between the rows of `onehotLabels` and the softmax of the rows of `logits`.
 * `labelSmoothing` moves that share of each label to all classes alike.
 * @example
 * softmaxCrossEntropy([[0, 1], [1, 0]], [[0, 0], [0, 0]]).print(); // 0.6931472
 */
export function softmaxCrossEntropy(
  onehotLabels: TensorLike,
  logits: TensorLike,
  weights?: TensorLike | null,
  labelSmoothing = 0,
  reduction: Reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
): Loss {
  const [labels, q] = operands('softmaxCrossEntropy', [onehotLabels, logits], 'float');
  if (!sameShape(labels.shape, q.shape)) throw unequal('softmaxCrossEntropy', labels, q);
  const classes = q.shape[normalizeAxis('softmaxCrossEntropy', -1, q.shape)];
  const smooth = labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / classes);
  return computeWeightedLoss(softmaxCrossEntropyWithLogits(smooth, q), weights, reduction);
}

export const softmaxCrossEntropyWithLogitsSamples: Samples<typeof softmaxCrossEntropyWithLogits> = ({
  uniform,
  exactly,
}) => [
  [uniform([2, 3], 0, 1), uniform([2, 3], -2, 2)],
  [uniform([2, 3, 2], 0, 1), uniform([2, 3, 2], -2, 2), 1],
  [
    exactly([
      [1, 0],
      [0, 1],
    ]),
    exactly([
      [100, -100],
      [100, -100],
    ]),
  ],
  [uniform([0, 3], 0, 1), uniform([0, 3])],
];

const REDUCTIONS: readonly Reduction[] = /* @__PURE__ */ Object.values(Reduction);

export const softmaxCrossEntropyWithLogitsSpace: Space<typeof softmaxCrossEntropyWithLogits> = ({
  uniform,
  shape,
  axis,
  pick,
}) => {
  const lengths = shape(1, 3);
  return [
    uniform(lengths, 0, 1),
    pick(uniform(lengths), uniform(lengths, -2, 2)),
    pick(undefined, axis(lengths.length)),
  ];
};

export const computeWeightedLossSamples: Samples<typeof computeWeightedLoss> = ({ uniform }) => [
  [uniform([2, 3])],
  [uniform([2, 3]), null, Reduction.SUM],
  [uniform([2, 3]), null, Reduction.NONE],
  [uniform([2, 3]), uniform([2, 1], 0.5, 1), Reduction.MEAN],
  [uniform([2, 3]), [0, 2, 1.5]],
  [uniform([3]), uniform([3]), Reduction.SUM],
  [uniform([3]), uniform([3]), Reduction.NONE],
  [uniform([3]), uniform([2, 3], 0.5, 1), Reduction.MEAN],
  [uniform([]), 2],
];

export const computeWeightedLossSpace: Space<typeof computeWeightedLoss> = (draw) => {
  const lengths = draw.shape(0, 3);
  return [draw.uniform(lengths), weightsOf(draw, lengths), draw.pick(undefined, ...REDUCTIONS)];
};

export const softmaxCrossEntropySamples: Samples<typeof softmaxCrossEntropy> = ({ uniform }) => [
  [uniform([2, 3], 0, 1), uniform([2, 3], -2, 2)],
  [uniform([2, 3], 0, 1), uniform([2, 3], -2, 2), uniform([2], 0.5, 1), 0.1],
  [uniform([2, 3], 0, 1), uniform([2, 3], -2, 2), null, 0, Reduction.NONE],
];

export const softmaxCrossEntropySpace: Space<typeof softmaxCrossEntropy> = (draw) => {
  const { uniform, pick } = draw;
  const lengths = draw.shape(1, 3);
  const weights = weightsOf(draw, lengths.slice(0, -1));
  return [
    uniform(lengths, 0, 1),
    uniform(lengths, -2, 2),
    weights,
    pick(undefined, 0, 0.1),
    pick(undefined, ...REDUCTIONS),
  ];
};

export const softmaxCrossEntropyWithLogitsBadSamples: BadSamples<typeof softmaxCrossEntropyWithLogits> = ({
  uniform,
  wrong,
}) => [
  { args: [uniform([2, 3]), uniform([3])], error: 'ShapeError', names: ['softmaxCrossEntropy', '[2,3]', '[3]'] },
  { args: [uniform([2, 3]), uniform([2, 3]), 2], error: 'ShapeError', names: ['softmaxCrossEntropy', '2'] },
  { args: [wrong(null), uniform([3])], error: 'ArgumentError', names: ['softmaxCrossEntropy', 'null'] },
];

export const computeWeightedLossBadSamples: BadSamples<typeof computeWeightedLoss> = ({ uniform, wrong }) => [
  { args: [uniform([3]), uniform([2])], error: 'ShapeError', names: ['computeWeightedLoss', '[3]', '[2]'] },
  { args: [uniform([2, 2]), uniform([2, 3])], error: 'ShapeError', names: ['computeWeightedLoss', '[2,2]', '[2,3]'] },
  { args: [uniform([3]), null, wrong<Reduction>(7)], error: 'ArgumentError', names: ['computeWeightedLoss', '7'] },
];

export const softmaxCrossEntropyBadSamples: BadSamples<typeof softmaxCrossEntropy> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), uniform([2, 4])], error: 'ShapeError', names: ['softmaxCrossEntropy', '[2,3]', '[2,4]'] },
  { args: [uniform([2, 3]), wrong(null)], error: 'ArgumentError', names: ['softmaxCrossEntropy', 'null'] },
];
