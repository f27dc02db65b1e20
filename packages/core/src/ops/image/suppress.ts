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

/** The boxes with the lower edges before the upper ones. */
function upright(boxes: TypedArray): Float64Array {
  const edges = new Float64Array(boxes.length);
  for (let at = 0; at < edges.length; at++) {
    const upper = (at & 2) > 0;
    edges[at] = upper ? Math.max(boxes[at - 2], boxes[at]) : Math.min(boxes[at], boxes[at + 2]);
  }
  return edges;
}

/** The length that two boxes, whose edges begin there, have in common along an axis; negative where they lie apart. */
function common(edges: Float64Array, i: number, j: number, axis: number): number {
  return Math.min(edges[i + axis + 2], edges[j + axis + 2]) - Math.max(edges[i + axis], edges[j + axis]);
}

function area(edges: Float64Array, i: number): number {
  return common(edges, i, i, 0) * common(edges, i, i, 1);
}

/** The part of their union that boxes i and j share. Most share nothing. */
function overlap(edges: Float64Array, i: number, j: number): number {
  const height = common(edges, 4 * i, 4 * j, 0);
  if (height <= 0) return 0;
  const width = common(edges, 4 * i, 4 * j, 1);
  if (width <= 0) return 0;
  return (height * width) / (area(edges, 4 * i) + area(edges, 4 * j) - height * width);
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
function remaining(edges: Float64Array, candidate: Candidate, kept: readonly number[], limits: Suppression): number {
  const { iouThreshold, softNmsSigma } = limits;
  let { score } = candidate;
  for (; candidate.seen < kept.length; candidate.seen++) {
    const iou = overlap(edges, candidate.index, kept[candidate.seen]);
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
  const edges = upright(boxes);
  queue.sort((a, b) => (outranks(a, b) ? 1 : -1));
  const kept: number[] = [];
  for (let best = queue.pop(); best !== undefined && kept.length < limits.maxOutputSize; best = queue.pop()) {
    const score = remaining(edges, best, kept, limits);
    if (score === best.score) kept.push(best.index);
    else if (score > limits.scoreThreshold) insert(queue, { ...best, score });
  }
  return kept;
}
