import type { TensorLike } from '../../convert.ts';
import { scoped } from '../../opScope.ts';
import type { BadSamples, Generator, Samples, Space } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import {
  type Arguments,
  chosen,
  chosenLater,
  indicesOf,
  type PaddedSelection,
  padded,
  type Request,
  request,
  type ScoredSelection,
  scored,
} from './selection.ts';

/** What follows the boxes. */
type Others = [
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold?: number | undefined,
  scoreThreshold?: number | undefined,
];
type WithSigma = [...Others, softNmsSigma?: number | undefined];
type WithPadding = [...Others, padToMaxOutputSize?: boolean | undefined];

/**
 * The int32 positions of the boxes [y1, x1, y2, x2] that overlap none with a better score by `iouThreshold` or more of
 * their union, best first: at most `maxOutputSize`, and only scores above `scoreThreshold`. It waits for the values.
 * @example
 * nonMaxSuppression([[0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6]], [0.8, 0.9, 0.7], 5).print(); // [1, 2]
 */
export function nonMaxSuppression(boxes: TensorLike, ...others: Others): Tensor {
  const wanted = request('nonMaxSuppression', boxes, ...others);
  return indicesOf(wanted.scores, chosen(wanted));
}

/**
 * As `nonMaxSuppression`, with the scores. Where `softNmsSigma` is above 0, boxes lose score by overlapping better ones.
 * @example
 * const { selectedScores } = nonMaxSuppressionWithScore([[0, 0, 2, 2], [0, 0, 2, 1]], [0.8, 0.9], 2, 1, 0, 0.5);
 * selectedScores.print(); // [0.9, 0.623041]
 */
export function nonMaxSuppressionWithScore(boxes: TensorLike, ...others: WithSigma): ScoredSelection {
  const wanted = request('nonMaxSuppressionWithScore', boxes, ...others);
  return scored(wanted, chosen(wanted));
}

/**
 * As `nonMaxSuppression`, with the number of boxes found; the positions are padded with zeros to `maxOutputSize`, or to
 * all boxes where these are fewer, if `padToMaxOutputSize`.
 * @example
 * const found = nonMaxSuppressionPadded([[0, 0, 2, 2], [0, 0, 2, 1.9]], [0.8, 0.9], 2, 0.5, 0, true);
 * found.selectedIndices.print(); // [1, 0]
 * found.validOutputs.print(); // 1
 */
export function nonMaxSuppressionPadded(
  boxes: TensorLike,
  ...[scores, size, iou, least, pad = false]: WithPadding
): PaddedSelection {
  const wanted = request('nonMaxSuppressionPadded', boxes, scores, size, iou, least);
  return padded(wanted, chosen(wanted), pad);
}

/** Reads what is asked for, and makes the answer of the arguments once more: those converted before are gone by then. */
async function later<R>(args: Arguments, answer: (request: Request, kept: readonly number[]) => R): Promise<R> {
  const kept = await chosenLater(request(...args));
  return scoped(() => answer(request(...args), kept))();
}

/**
 * `nonMaxSuppression` for backends that can only be waited for.
 * @example
 * (await nonMaxSuppressionAsync([[0, 0, 2, 2], [5, 5, 6, 6]], [0.8, 0.9], 5)).print(); // [1, 0]
 */
export async function nonMaxSuppressionAsync(boxes: TensorLike, ...others: Others): Promise<Tensor> {
  return later(['nonMaxSuppressionAsync', boxes, ...others], (wanted, kept) => indicesOf(wanted.scores, kept));
}

/**
 * `nonMaxSuppressionWithScore` for backends that can only be waited for.
 * @example
 * (await nonMaxSuppressionWithScoreAsync([[0, 0, 2, 2]], [0.8], 5)).selectedScores.print(); // [0.8]
 */
export async function nonMaxSuppressionWithScoreAsync(
  boxes: TensorLike,
  ...others: WithSigma
): Promise<ScoredSelection> {
  return later(['nonMaxSuppressionWithScoreAsync', boxes, ...others], scored);
}

/**
 * `nonMaxSuppressionPadded` for backends that can only be waited for.
 * @example
 * (await nonMaxSuppressionPaddedAsync([[0, 0, 2, 2]], [0.8], 5)).validOutputs.print(); // 1
 */
export async function nonMaxSuppressionPaddedAsync(
  boxes: TensorLike,
  ...[scores, size, iou, least, pad = false]: WithPadding
): Promise<PaddedSelection> {
  const args: Arguments = ['nonMaxSuppressionPaddedAsync', boxes, scores, size, iou, least];
  return later(args, (wanted, kept) => padded(wanted, kept, pad));
}

type Suppressing = (boxes: TensorLike, ...others: Others) => unknown;
type Scoring = (boxes: TensorLike, ...others: WithSigma) => unknown;
type Padding = (boxes: TensorLike, ...others: WithPadding) => unknown;

/** Boxes in two clusters, and their scores. */
function clusters({ exactly }: Generator): [boxes: Tensor, scores: Tensor] {
  const boxes = exactly([
    [0.1, 0.2, 4.3, 4.1],
    [0.4, 1.1, 4.6, 5.2],
    [1.3, 1.5, 4.2, 5.4],
    [9.2, 9.1, 6.3, 6.4],
    [6.5, 6.6, 9.5, 8.3],
  ]);
  return [boxes, exactly([0.7, 0.9, 0.5, 0.4, 0.8])];
}

const samples: Samples<Suppressing> = (generator) => [
  [...clusters(generator), 5],
  [...clusters(generator), 2, 0.8],
  [...clusters(generator), 5, 0.3, 0.6],
  [generator.uniform([0, 4]), generator.uniform([0]), 3],
];

const softSamples: Samples<Scoring> = (generator) => [
  ...samples(generator).map((args) => args as Parameters<Scoring>),
  [...clusters(generator), 5, 0.9, 0.1, 0.5],
];

const paddedSamples: Samples<Padding> = (generator) => [
  ...samples(generator).map((args) => args as Parameters<Padding>),
  [...clusters(generator), 4, 0.5, 0, true],
];

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string): BadSamples<Suppressing> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 4]), uniform([3]), 1], error: 'ShapeError', names: [op, '[2,4]', '[3]'] },
    { args: [uniform([2, 3]), uniform([2]), 1], error: 'ShapeError', names: [op, '[2,3]'] },
    { args: [uniform([2, 4]), uniform([2]), 1, 1.2], error: 'ArgumentError', names: [op, 'iouThreshold', '1.2'] },
    { args: [uniform([2, 4]), uniform([2]), -1], error: 'ArgumentError', names: [op, '-1'] },
    { args: [wrong(null), uniform([2]), 1], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

export const nonMaxSuppressionSamples: Samples<typeof nonMaxSuppression> = samples;

const paddingSpace: Space<Padding> = ({ uniform, distinct, length, int, pick }) => {
  const count = length();
  const thresholds = [pick(undefined, 0.5, 0, 1), pick(undefined, -Infinity, 0.1)] as const;
  return [uniform([count, 4], 0, 3), distinct([count]), int(0, 5), ...thresholds, pick(undefined, false, true)];
};

const suppressionSpace: Space<Suppressing> = (draw) => {
  const [boxes, scores, count, iou, least] = paddingSpace(draw);
  return [boxes, scores, count, iou, least];
};

const scoringSpace: Space<Scoring> = (draw) => [...suppressionSpace(draw), draw.pick(undefined, 0, 0.5)];

export const nonMaxSuppressionSpace: Space<typeof nonMaxSuppression> = suppressionSpace;
export const nonMaxSuppressionBadSamples: BadSamples<typeof nonMaxSuppression> = refused('nonMaxSuppression');
export const nonMaxSuppressionAsyncSamples: Samples<typeof nonMaxSuppressionAsync> = samples;

export const nonMaxSuppressionAsyncSpace: Space<typeof nonMaxSuppressionAsync> = suppressionSpace;
export const nonMaxSuppressionAsyncBadSamples: BadSamples<typeof nonMaxSuppressionAsync> =
  refused('nonMaxSuppressionAsync');
export const nonMaxSuppressionWithScoreSamples: Samples<typeof nonMaxSuppressionWithScore> = softSamples;

export const nonMaxSuppressionWithScoreSpace: Space<typeof nonMaxSuppressionWithScore> = scoringSpace;
export const nonMaxSuppressionWithScoreBadSamples: BadSamples<typeof nonMaxSuppressionWithScore> =
  refused('nonMaxSuppressionWithScore');
export const nonMaxSuppressionWithScoreAsyncSamples: Samples<typeof nonMaxSuppressionWithScoreAsync> = softSamples;

export const nonMaxSuppressionWithScoreAsyncSpace: Space<typeof nonMaxSuppressionWithScoreAsync> = scoringSpace;
export const nonMaxSuppressionWithScoreAsyncBadSamples: BadSamples<typeof nonMaxSuppressionWithScoreAsync> = refused(
  'nonMaxSuppressionWithScoreAsync',
);
export const nonMaxSuppressionPaddedSamples: Samples<typeof nonMaxSuppressionPadded> = paddedSamples;

export const nonMaxSuppressionPaddedSpace: Space<typeof nonMaxSuppressionPadded> = paddingSpace;
export const nonMaxSuppressionPaddedBadSamples: BadSamples<typeof nonMaxSuppressionPadded> =
  refused('nonMaxSuppressionPadded');
export const nonMaxSuppressionPaddedAsyncSamples: Samples<typeof nonMaxSuppressionPaddedAsync> = paddedSamples;

export const nonMaxSuppressionPaddedAsyncSpace: Space<typeof nonMaxSuppressionPaddedAsync> = paddingSpace;
export const nonMaxSuppressionPaddedAsyncBadSamples: BadSamples<typeof nonMaxSuppressionPaddedAsync> =
  refused('nonMaxSuppressionPaddedAsync');
