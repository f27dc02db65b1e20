import {
  around,
  type Block,
  type KernelTable,
  type Output,
  ShapeError,
  stridesOf,
  type TypedArray,
} from '@wengert/core/functions';
import { accumulatorFor, settle } from '../accumulator.ts';
import { perDType } from '../own.ts';
import { type CpuStorage, make, view } from '../storage.ts';
import { accumulate } from './copy.ts';
import { rearrangements, windowStrides } from './rearrangements.ts';

const isTrue = perDType((out: TypedArray, x: TypedArray): void => {
  for (let i = 0; i < out.length; i++) out[i] = x[i] !== 0 ? 1 : 0;
});

function cast(x: Block, out: Output): CpuStorage {
  const result = make(out);
  if (out.dtype === 'bool' && x.dtype !== 'bool') isTrue(x.dtype)(result.data, view(x));
  else result.data.set(view(x));
  return result;
}

/** Copies `length` elements per index between a block gathered along an axis and the one it was gathered from. */
const gatherLoop = perDType(
  (out: TypedArray, o: number, x: TypedArray, ix: number, indices: TypedArray, length: number): void => {
    for (let k = 0; k < indices.length; k++) {
      const from = ix + indices[k] * length;
      if (length >= 48) {
        out.set(x.subarray(from, from + length), o);
        o += length;
      } else for (let i = 0; i < length; i++) out[o++] = x[from + i];
    }
  },
);

const scatterLoop = perDType(
  (out: TypedArray, o: number, x: TypedArray, ix: number, indices: TypedArray, length: number): void => {
    for (let k = 0; k < indices.length; k++) {
      const to = o + indices[k] * length;
      for (let i = 0; i < length; i++) out[to + i] += x[ix++];
    }
  },
);

/** Refuses indices outside an axis of length `size`. */
export function checkIndices(op: string, indices: TypedArray, size: number): void {
  for (let k = 0; k < indices.length; k++) {
    if (indices[k] < 0 || indices[k] >= size) {
      throw new ShapeError(
        `${op}: index ${indices[k]} is outside an axis of length ${size}; it must be in [0, ${size})`,
      );
    }
  }
}

/** Everything that moves elements about, or adds up those that it moves to one place. */
export const movement: KernelTable = {
  ...rearrangements(),

  cast: ([x], _, [out]) => [cast(x, out)],

  gather([x, indices], { axis }, [out]) {
    const [before, length, after] = around(x.shape, axis);
    checkIndices('gather', view(indices), length);
    const result = make(out);
    const at = view(indices);
    const loop = gatherLoop(out.dtype);
    for (let i = 0; i < before; i++) loop(result.data, i * at.length * after, view(x), i * length * after, at, after);
    return [result];
  },

  scatterAdd([updates, indices], { axis, size }, [out]) {
    const [before, , after] = around(out.shape, axis);
    checkIndices('scatterAdd', view(indices), size);
    const result = make(out);
    const at = view(indices);
    const sums = accumulatorFor(out.dtype, result);
    const loop = scatterLoop(out.dtype);
    for (let i = 0; i < before; i++) loop(sums, i * size * after, view(updates), i * at.length * after, at, after);
    settle(sums, out.dtype, result);
    return [result];
  },

  fold([windows], attrs, [out]) {
    const result = make(out);
    const sums = accumulatorFor(out.dtype, result);
    const strides = windowStrides(out.shape, attrs);
    const x = { data: view(windows), offset: 0, strides: stridesOf(windows.shape) };
    accumulate(out.dtype, windows.shape, { data: sums, offset: 0, strides }, x);
    settle(sums, out.dtype, result);
    return [result];
  },
};
