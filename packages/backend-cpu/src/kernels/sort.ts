import type { KernelTable, TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { make, view } from '../storage.ts';

/** Merges the sorted runs of `width` in (keys, order) pairwise into (toKeys, toOrder); equals keep their order. */
const mergeLoop = perDType(
  (
    keys: TypedArray,
    order: TypedArray,
    toKeys: TypedArray,
    toOrder: TypedArray,
    width: number,
    descending: boolean,
  ) => {
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
  },
);

/** Sorting along the last axis. */
export const sort: KernelTable = {
  sort([x], { descending }, [values, indices]) {
    const [keys, order] = [make(values), make(indices)];
    const length = x.shape[x.shape.length - 1];
    const merge = mergeLoop(x.dtype);
    const [spareKeys, spareOrder] = [view(x).slice(0, length), new Int32Array(length)];
    for (let start = 0; start < keys.data.length; start += length) {
      let from: TypedArray[] = [keys.data.subarray(start, start + length), order.data.subarray(start, start + length)];
      let to: TypedArray[] = [spareKeys, spareOrder];
      from[0].set(view(x).subarray(start, start + length));
      for (let i = 0; i < length; i++) from[1][i] = i;
      for (let width = 1; width < length; width *= 2) {
        merge(from[0], from[1], to[0], to[1], width, descending);
        [from, to] = [to, from];
      }
      if (from[0] === spareKeys) {
        to[0].set(spareKeys);
        to[1].set(spareOrder);
      }
    }
    return [keys, order];
  },
};
