import type { TypedArray } from '../dtype.ts';

/** Sorts each run of `length` elements of x, and says where in its run each came from. Equals keep their order. */
export function mergeSort(
  x: TypedArray,
  values: TypedArray,
  indices: TypedArray,
  descending: boolean,
  length: number,
): void {
  const [spareValues, spareIndices] = [x.slice(0, length), new Int32Array(length)];
  for (let start = 0; start < x.length; start += length) {
    let from: TypedArray[] = [values.subarray(start, start + length), indices.subarray(start, start + length)];
    let to: TypedArray[] = [spareValues, spareIndices];
    from[0].set(x.subarray(start, start + length));
    for (let i = 0; i < length; i++) from[1][i] = i;
    for (let width = 1; width < length; width *= 2) {
      merge(from[0], from[1], to[0], to[1], width, descending);
      [from, to] = [to, from];
    }
    if (from[0] === spareValues) {
      to[0].set(spareValues);
      to[1].set(spareIndices);
    }
  }
}

/** Merges the sorted runs of `width` in (keys, order) pairwise into (toKeys, toOrder). */
function merge(
  keys: TypedArray,
  order: TypedArray,
  toKeys: TypedArray,
  toOrder: TypedArray,
  width: number,
  descending: boolean,
): void {
  const n = keys.length;
  for (let start = 0; start < n; start += 2 * width) {
    const middle = Math.min(start + width, n);
    const end = Math.min(start + 2 * width, n);
    for (let left = start, right = middle, to = start; to < end; to++) {
      let takesRight = left === middle;
      if (!takesRight && right < end) {
        const a = keys[left];
        const b = keys[right];
        takesRight = descending ? b > a : b < a;
        // NaN goes last in either direction.
        if (Number.isNaN(a)) takesRight = !Number.isNaN(b);
      }
      const from = takesRight ? right++ : left++;
      toKeys[to] = keys[from];
      toOrder[to] = order[from];
    }
  }
}
