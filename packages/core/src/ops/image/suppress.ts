import type { TypedArray } from '../../dtype.ts';

/** When boxes are kept, and how many of them. */
export interface Suppression {
  readonly maxOutputSize: number;
  /** Boxes that share that part of their union with a better one are dropped. */
  readonly iouThreshold: number;
  /** Boxes whose score is not above this are dropped. */
  readonly scoreThreshold: number;
  /** Above 0: a box that overlaps a better one loses score, by a bell curve of that variance. */
  readonly softNmsSigma: number;
}

interface Candidate {
  readonly index: number;
  score: number;
  /** How many of the boxes that were kept it has been compared with. */
  seen: number;
}

/** The area that two boxes have in common, which begin there; of one box with itself, its own. */
function common(boxes: TypedArray, i: number, j: number): number {
  let area = 1;
  for (let axis = 0; axis < 2; axis++) {
    const [a, b] = [boxes[i + axis], boxes[i + axis + 2]];
    const [c, d] = [boxes[j + axis], boxes[j + axis + 2]];
    area *= Math.max(0, Math.min(Math.max(a, b), Math.max(c, d)) - Math.max(Math.min(a, b), Math.min(c, d)));
  }
  return area;
}

/** The part of their union that boxes i and j share, 0 where they share nothing. */
function overlap(boxes: TypedArray, i: number, j: number): number {
  const shared = common(boxes, 4 * i, 4 * j);
  // Most boxes lie apart.
  if (shared === 0) return 0;
  return shared / (common(boxes, 4 * i, 4 * i) + common(boxes, 4 * j, 4 * j) - shared);
}

/** Whether `a` comes after `b` in a list that is taken from its end: better scores last, and the first of equals. */
function outranks(a: Candidate, b: Candidate): boolean {
  return a.score > b.score || (a.score === b.score && a.index < b.index);
}

function insert(queue: Candidate[], one: Candidate): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (outranks(one, queue[middle])) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, one);
}

/** What the boxes that were kept since its last turn leave of a candidate's score. */
function remaining(boxes: TypedArray, candidate: Candidate, kept: readonly number[], limits: Suppression): number {
  const { iouThreshold, softNmsSigma } = limits;
  let { score } = candidate;
  for (; candidate.seen < kept.length; candidate.seen++) {
    const iou = overlap(boxes, candidate.index, kept[candidate.seen]);
    if (iou >= iouThreshold) return -Infinity;
    if (softNmsSigma > 0) score *= Math.exp((-0.5 * iou * iou) / softNmsSigma);
  }
  return score;
}

/**
 * The boxes [y1, x1, y2, x2] that non-maximum suppression keeps, best first. Soft suppression is that of N. Bodla et
 * al., "Soft-NMS: improving object detection with one line of code" (2017).
 */
export function suppress(boxes: TypedArray, scores: TypedArray, limits: Suppression): number[] {
  const queue = Array.from(scores, (score, index): Candidate => ({ index, score, seen: 0 })).filter(
    ({ score }) => score > limits.scoreThreshold,
  );
  queue.sort((a, b) => (outranks(a, b) ? 1 : -1));
  const kept: number[] = [];
  for (let best = queue.pop(); best !== undefined && kept.length < limits.maxOutputSize; best = queue.pop()) {
    const score = remaining(boxes, best, kept, limits);
    if (score === best.score) kept.push(best.index);
    else if (score > limits.scoreThreshold) insert(queue, { ...best, score });
  }
  return kept;
}
