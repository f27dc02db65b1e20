import { isFlat, type View } from '@wengert/fusion';
import type { Nest } from '../../strides.ts';

/**
 * The fewest loops in which all views of `size` elements step evenly, two of them at least; null where the lengths of
 * two views do not divide each other.
 */
export function nestOf(size: number, views: readonly View[]): Nest | null {
  return simpleNest(size, views) ?? anyNest(size, views);
}

const ALONG = [0, 1];
const STILL = [0, 0];

/** The nest of views that go through all elements as they lie, or stand still. */
function simpleNest(size: number, views: readonly View[]): Nest | null {
  const strides: number[][] = [];
  for (let k = 0; k < views.length; k++) {
    if (isFlat(views[k], size)) strides.push(ALONG);
    else if (views[k].dims.length === 0) strides.push(STILL);
    else return null;
  }
  return { dims: [1, size], strides };
}

function anyNest(size: number, views: readonly View[]): Nest | null {
  const dims: number[] = [];
  const strides: number[][] = views.map(() => []);
  // From the innermost loop on: of every view the digits that are left, and how far the last of them steps.
  const digits = views.map((view) => view.dims.slice());
  const steps = views.map((view) => view.steps[view.steps.length - 1] ?? 0);
  for (let left = size; left > 1 || dims.length < 2; ) {
    let length = left;
    for (const own of digits) if (own.length > 0) length = Math.min(length, own[own.length - 1]);
    dims.unshift(length);
    left /= length;
    for (const [k, own] of digits.entries()) {
      strides[k].unshift(steps[k]);
      if (own.length === 0) continue;
      const last = own.length - 1;
      if (own[last] % length !== 0) return null;
      own[last] /= length;
      steps[k] *= length;
      if (own[last] > 1) continue;
      own.pop();
      steps[k] = views[k].steps[last - 1] ?? 0;
    }
  }
  return { dims, strides };
}
