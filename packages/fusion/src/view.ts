import { type Shape, stridesOf } from '@wengert/core/functions';

/**
 * Where the elements of one tensor lie in another, by their numbers in row-major order: the number is taken apart into
 * digits by the lengths `dims`, outermost first, and the element is at `base` + the sum of digit * step. Shapes do not
 * matter, so a reshaped tensor has the same views. No view of an element that is always the same has `dims`.
 */
export interface View {
  readonly base: number;
  readonly dims: readonly number[];
  readonly steps: readonly number[];
}

/**
 * The view of the elements at `base` + the sum of index * stride over the axes of `shape`: without axes of length 1, and
 * with neighbours joined that run through as one.
 * @example
 * import { stridedView } from '@wengert/fusion';
 * console.log(stridedView([2, 3], [1, 2])); // { base: 0, dims: [2, 3], steps: [1, 2] }
 */
export function stridedView(shape: readonly number[], strides: readonly number[], base = 0): View {
  const dims: number[] = [];
  const steps: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue;
    const last = dims.length - 1;
    if (last >= 0 && steps[last] === strides[axis] * shape[axis]) {
      dims[last] *= shape[axis];
      steps[last] = strides[axis];
    } else {
      dims.push(shape[axis]);
      steps.push(strides[axis]);
    }
  }
  if (dims.length === 1 && steps[0] === 0) return { base, dims: [], steps: [] };
  return { base, dims, steps };
}

/**
 * A tensor of `size` elements as it lies.
 * @example
 * import { flatView } from '@wengert/fusion';
 * console.log(flatView(6)); // { base: 0, dims: [6], steps: [1] }
 */
export function flatView(size: number): View {
  if (size === 1) return SINGLE;
  // Chains ask for the same one again and again.
  if (lastFlat.dims[0] !== size) lastFlat = { base: 0, dims: [size], steps: [1] };
  return lastFlat;
}

const SINGLE: View = { base: 0, dims: [], steps: [] };
let lastFlat: View = { base: 0, dims: [0], steps: [1] };

/**
 * How a tensor of shape `from` is read under NumPy's broadcasting to `to`.
 * @example
 * import { broadcastView } from '@wengert/fusion';
 * console.log(broadcastView([3], [2, 3])); // { base: 0, dims: [2, 3], steps: [0, 1] }
 */
export function broadcastView(from: Shape, to: Shape): View {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return stridedView(
    to,
    to.map((_, axis) => (axis < added || from[axis - added] === 1 ? 0 : strides[axis - added])),
  );
}

/**
 * Whether a view goes through `size` elements in their order, as they lie.
 * @example
 * import { broadcastView, isFlat } from '@wengert/fusion';
 * console.log(isFlat(broadcastView([2, 3], [2, 3]), 6), isFlat(broadcastView([3], [2, 3]), 6)); // true false
 */
export function isFlat({ base, dims, steps }: View, size: number): boolean {
  return base === 0 && (dims.length === 0 ? size === 1 : dims.length === 1 && steps[0] === 1 && dims[0] === size);
}

/**
 * Where a view finds element `i`.
 * @example
 * import { broadcastView, placeOf } from '@wengert/fusion';
 * console.log(placeOf(broadcastView([3], [2, 3]), 4)); // 1
 */
export function placeOf({ base, dims, steps }: View, i: number): number {
  let place = base;
  let rest = i;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    place += (rest % dims[axis]) * steps[axis];
    rest = Math.floor(rest / dims[axis]);
  }
  return place;
}

/** Whether two views find the same for every number. */
export function sameView(a: View, b: View): boolean {
  if (a === b) return true;
  if (a.base !== b.base || a.dims.length !== b.dims.length) return false;
  for (let axis = 0; axis < a.dims.length; axis++) {
    if (a.dims[axis] !== b.dims[axis] || a.steps[axis] !== b.steps[axis]) return false;
  }
  return true;
}

/**
 * The view of what is seen through `inner` in a tensor that is seen through `outer`, a broadcast; null where the lengths
 * of the two do not divide each other, as those of [3, 4] and [2, 6].
 */
export function compose(outer: View, inner: View): View | null {
  if (inner.dims.length === 0) return inner;
  if (outer.base !== 0) return null;
  const dims: number[] = [];
  const steps: number[] = [];
  const push = (length: number, step: number): void => {
    dims.unshift(length);
    steps.unshift(step);
  };
  // From the innermost digit on: what is left of the inner view's digit, and the step of one of it.
  let digit = inner.dims.length - 1;
  let rest = inner.dims[digit];
  let step = inner.steps[digit];
  let done = 1;
  for (let axis = outer.dims.length - 1; axis >= 0; axis--) {
    let length = outer.dims[axis];
    if (outer.steps[axis] === 0) {
      push(length, 0);
      continue;
    }
    if (outer.steps[axis] !== done) return null;
    done *= length;
    while (length > 1) {
      if (rest === 1) {
        digit--;
        if (digit < 0) return null;
        rest = inner.dims[digit];
        step = inner.steps[digit];
      } else if (length % rest === 0) {
        push(rest, step);
        length /= rest;
        rest = 1;
      } else if (rest % length === 0) {
        push(length, step);
        rest /= length;
        step *= length;
        length = 1;
      } else {
        return null;
      }
    }
  }
  return stridedView(dims, steps, inner.base);
}
