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
import { broadcastStrides } from '../strides.ts';
import { accumulate, copy } from './copy.ts';

/** Fills an output from a strided view of x. */
function rearranged(x: Block, out: Output, strides: readonly number[], offset = 0): [CpuStorage] {
  const result = make(out);
  copy(
    out.dtype,
    out.shape,
    { data: result.data, offset: 0, strides: stridesOf(out.shape) },
    { data: view(x), offset, strides },
  );
  return [result];
}

const isTrue = perDType((out: TypedArray, x: TypedArray): void => {
  for (let i = 0; i < out.length; i++) out[i] = x[i] !== 0 ? 1 : 0;
});

function cast(x: Block, out: Output): CpuStorage {
  const result = make(out);
  if (out.dtype === 'bool' && x.dtype !== 'bool') isTrue(x.dtype)(result.data, view(x));
  else result.data.set(view(x));
  return result;
}

interface Windows {
  readonly axes: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** The strides in x of [...positions of the windows, ...positions within them]. */
function windowStrides(shape: readonly number[], { axes, strides, dilations }: Windows): number[] {
  const steps = stridesOf(shape);
  const within = axes.map((axis, i) => steps[axis] * dilations[i]);
  for (const [i, axis] of axes.entries()) steps[axis] *= strides[i];
  return [...steps, ...within];
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
  cast: ([x], _, [out]) => [cast(x, out)],

  transpose([x], { perm }, [out]) {
    const steps = stridesOf(x.shape);
    return rearranged(
      x,
      out,
      perm.map((axis) => steps[axis]),
    );
  },

  broadcastTo: ([x], _, [out]) => rearranged(x, out, broadcastStrides(x.shape, out.shape)),

  reverse([x], { axes }, [out]) {
    const steps = stridesOf(x.shape);
    let offset = 0;
    for (const axis of axes) {
      offset += (x.shape[axis] - 1) * steps[axis];
      steps[axis] = -steps[axis];
    }
    return rearranged(x, out, steps, offset);
  },

  slice([x], { begin, strides }, [out]) {
    const steps = stridesOf(x.shape);
    const offset = begin.reduce((sum, first, axis) => sum + first * steps[axis], 0);
    return rearranged(
      x,
      out,
      steps.map((step, axis) => step * strides[axis]),
      offset,
    );
  },

  pad([x], { low, interior }, [out]) {
    const result = make(out, 'zeros');
    const steps = stridesOf(out.shape);
    const offset = low.reduce((sum, zeros, axis) => sum + zeros * steps[axis], 0);
    const strides = steps.map((step, axis) => step * (interior[axis] + 1));
    copy(
      out.dtype,
      x.shape,
      { data: result.data, offset, strides },
      { data: view(x), offset: 0, strides: stridesOf(x.shape) },
    );
    return [result];
  },

  concat(inputs, { axis }, [out]) {
    const result = make(out);
    const strides = stridesOf(out.shape);
    let offset = 0;
    for (const x of inputs) {
      copy(
        out.dtype,
        x.shape,
        { data: result.data, offset, strides },
        { data: view(x), offset: 0, strides: stridesOf(x.shape) },
      );
      offset += x.shape[axis] * strides[axis];
    }
    return [result];
  },

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

  unfold: ([x], attrs, [out]) => rearranged(x, out, windowStrides(x.shape, attrs)),

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
