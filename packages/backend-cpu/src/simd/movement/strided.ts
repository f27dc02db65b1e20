import type { KernelTable, TypedArray } from '@wengert/core/functions';
import { sharedHeap } from '../../heap.ts';
import { type CopyLoop, copyLoop } from '../../kernels/copy.ts';
import { rearrangements } from '../../kernels/rearrangements.ts';
import { storageOf, view } from '../../storage.ts';
import { loopFor } from '../access.ts';
import { stridedLoop } from './stridedLoop.ts';

/** Copies between two arrays on the heap. */
const near: CopyLoop = (out, o, outRow, outColumn, x, ix, row, column, rows, columns) => {
  const bytes = out.BYTES_PER_ELEMENT;
  const at = (array: TypedArray, index: number): number => array.byteOffset + index * bytes;
  const steps = [outRow, outColumn, row, column].map((step) => step * bytes);
  loopFor(`copy ${bytes}`, () => stridedLoop(bytes))(at(out, o), at(x, ix), ...steps, rows, columns);
};

/** Rearrangements of any dtype. */
export const strided: KernelTable = /* @__PURE__ */ rearrangements(
  (dtype, out, x) =>
    [out, x].every(({ buffer }) => buffer === sharedHeap()?.memory.buffer) ? near : copyLoop(dtype, out, x),
  (block) => {
    storageOf(block).need();
    return view(block);
  },
);
