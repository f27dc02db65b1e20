import type { TensorLike } from '../../convert.ts';
import type { TypedArray } from '../../dtype.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { operands } from '../../promote.ts';
import { showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { divOp, maximum, minimum, square, sub } from '../arithmetic.ts';
import { less } from '../comparison.ts';
import { exp } from '../exponential.ts';
import { gatherOp } from '../gather.ts';
import { band } from '../linalg/bandPart.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { slicedAlong } from '../slice.ts';
import { sumOp } from '../sum.ts';
import { select } from '../where.ts';
import { constant } from './pixels.ts';
import { type Suppression, suppress } from './suppress.ts';

/** What `nonMaxSuppressionWithScore` gives. */
export interface ScoredSelection {
  readonly selectedIndices: Tensor;
  readonly selectedScores: Tensor;
}

/** What `nonMaxSuppressionPadded` gives. */
export interface PaddedSelection {
  readonly selectedIndices: Tensor;
  /** How many of the indices are not padding: an int32 scalar. */
  readonly validOutputs: Tensor;
}

/** Checked arguments. */
export interface Request {
  readonly op: string;
  readonly boxes: Tensor;
  readonly scores: Tensor;
  readonly limits: Suppression;
}

/** The arguments of all forms of suppression, after the name of the one that was called. */
export type Arguments = readonly [
  op: string,
  boxes: TensorLike,
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold?: number | undefined,
  scoreThreshold?: number | undefined,
  softNmsSigma?: number | undefined,
];

/** Checks the arguments. Throws `ShapeError` or `ArgumentError`. */
export function request(...[op, boxesLike, scoresLike, wanted, iou, least, sigma]: Arguments): Request {
  const [boxes, scores] = operands(op, [boxesLike, scoresLike], 'float');
  if (boxes.rank !== 2 || boxes.shape[1] !== 4 || scores.rank !== 1 || scores.size !== boxes.shape[0]) {
    throw new ShapeError(
      `${op}: needs boxes [n, 4] and scores [n], got ${showShape(boxes.shape)} and ${showShape(scores.shape)}`,
    );
  }
  const limits: Suppression = {
    maxOutputSize: Math.min(wanted, scores.size),
    iouThreshold: iou ?? 0.5,
    scoreThreshold: least ?? -Infinity,
    softNmsSigma: sigma ?? 0,
  };
  if (!Number.isInteger(wanted) || wanted < 0) {
    throw new ArgumentError(`${op}: maxOutputSize must be a non-negative integer, got ${wanted}`);
  }
  for (const name of ['iouThreshold', 'softNmsSigma'] as const) {
    const value = limits[name];
    if (!(value >= 0 && value <= 1)) throw new ArgumentError(`${op}: ${name} must be in [0, 1], got ${value}`);
  }
  return { op, boxes, scores, limits };
}

/** The boxes that are kept, read at once. */
export function chosen({ boxes, scores, limits }: Request): number[] {
  return suppress(boxes.dataSync(), scores.dataSync(), limits);
}

/** As `chosen`, waiting for the values. */
export async function chosenLater({ boxes, scores, limits }: Request): Promise<number[]> {
  const read: [TypedArray, TypedArray] = await Promise.all([boxes.data(), scores.data()]);
  return suppress(...read, limits);
}

/** Positions as an int32 tensor, padded with zeros to `length`. */
export function indicesOf(like: Tensor, kept: readonly number[], length: number = kept.length): Tensor {
  const padding = Array.from({ length: length - kept.length }, () => 0);
  return constant(like, [...kept, ...padding], [length], 'int32');
}

/** The selection with its scores, in ops of boxes and scores. */
export function scored({ boxes, scores, limits }: Request, kept: readonly number[]): ScoredSelection {
  const selectedIndices = indicesOf(scores, kept);
  const own = gatherOp([scores, selectedIndices], { axis: 0 });
  if (limits.softNmsSigma === 0) return { selectedIndices, selectedScores: own };
  const overlaps = overlapsOf(gatherOp([boxes, selectedIndices], { axis: 0 }));
  const earlier = sumOp([band(square(overlaps), -Infinity, -1)], { axes: [1] });
  return { selectedIndices, selectedScores: mul(own, exp(mul(earlier, -0.5 / limits.softNmsSigma))) };
}

/** The shares of all pairs of boxes in their unions, in ops, so that scores have derivatives in the boxes. */
function overlapsOf(boxes: Tensor): Tensor {
  const n = boxes.shape[0];
  const side = (axis: number): { own: Tensor; shared: Tensor } => {
    const [a, b] = [slicedAlong(boxes, 1, axis, 1), slicedAlong(boxes, 1, axis + 2, 1)];
    const [low, high] = [minimum(a, b), maximum(a, b)];
    const others = (x: Tensor): Tensor => reshaped(x, [1, n]);
    const shared = sub(minimum(high, others(high)), maximum(low, others(low)));
    return { own: sub(high, low), shared: select(shared, less(0, shared), shared, 0) };
  };
  const [y, x] = [side(0), side(1)];
  const [area, shared] = [mul(y.own, x.own), mul(y.shared, x.shared)];
  const union = sub(add(area, reshaped(area, [1, n])), shared);
  const none = less(0, shared);
  return select(shared, none, divOp(shared, select(union, none, union, 1)), 0);
}

/** The selection with its length. */
export function padded({ scores, limits }: Request, kept: readonly number[], pad: boolean): PaddedSelection {
  return {
    selectedIndices: indicesOf(scores, kept, pad ? limits.maxOutputSize : kept.length),
    validOutputs: constant(scores, [kept.length], [], 'int32'),
  };
}
