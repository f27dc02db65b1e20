import { type Shape, stridesOf } from '@wengert/core/functions';

/** Nested loops over `dims`, outermost first, with the steps that each of several arrays takes along them. */
export interface Nest {
  readonly dims: number[];
  readonly strides: number[][];
}

/** The strides with which a block of `shape` is read as if it had the shape `to`: 0 along what is repeated. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const strides = new Array<number>(to.length).fill(0);
  const added = to.length - shape.length;
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    if (shape[i] !== 1) strides[i + added] = step;
    step *= shape[i];
  }
  return strides;
}

/** The fewest loops that visit the same elements in the same order; at least `rank` of them. */
export function collapse(dims: Shape, strides: readonly (readonly number[])[], rank = 0): Nest {
  const lengths: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let i = dims.length - 1; i >= 0; i--) {
    if (dims[i] === 1) continue;
    const last = lengths.length - 1;
    let merges = last >= 0;
    for (let k = 0; merges && k < strides.length; k++) merges = strides[k][i] === steps[k][last] * lengths[last];
    if (merges) lengths[last] *= dims[i];
    else {
      lengths.push(dims[i]);
      for (let k = 0; k < strides.length; k++) steps[k].push(strides[k][i]);
    }
  }
  while (lengths.length < rank) {
    lengths.push(1);
    for (const step of steps) step.push(0);
  }
  for (const step of steps) step.reverse();
  return { dims: lengths.reverse(), strides: steps };
}

/** The loops, two at least, of a reduction over `axes`: how the result steps, not at all along these, and how x does. */
export function reductionNest(shape: Shape, axes: readonly number[]): Nest {
  const dropped = (axis: number): boolean => axes.includes(axis);
  const kept = stridesOf(shape.map((n, axis) => (dropped(axis) ? 1 : n)));
  return collapse(shape, [kept.map((step, axis) => (dropped(axis) ? 0 : step)), stridesOf(shape)], 2);
}

/** Calls `body` with the offsets of each array for every position of the outer `count` loops; no length may be 0. */
export function walk({ dims, strides }: Nest, count: number, body: (offsets: readonly number[]) => void): void {
  const offsets = strides.map(() => 0);
  const index = new Array<number>(count).fill(0);
  for (let axis = 0; axis >= 0; ) {
    body(offsets);
    for (axis = count - 1; axis >= 0; axis--) {
      const wraps = ++index[axis] === dims[axis];
      for (let k = 0; k < offsets.length; k++) {
        offsets[k] += wraps ? -strides[k][axis] * (dims[axis] - 1) : strides[k][axis];
      }
      if (!wraps) break;
      index[axis] = 0;
    }
  }
}
