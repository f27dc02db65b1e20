import { type KernelTable, type Shape, ShapeError, sizeOf, stridesOf } from '@wengert/core';
import { around, broadcastStrides, pick, positions } from './positions.ts';
import { store, valuesOf } from './storage.ts';

/** Where the windows of an unfolded `x` of `shape` lie in it: the last axes run within a window. */
function windows(
  unfolded: Shape,
  shape: Shape,
  { axes, strides, dilations }: Readonly<Record<'axes' | 'strides' | 'dilations', readonly number[]>>,
): Int32Array {
  const step = stridesOf(shape);
  const within = axes.map((axis, i) => step[axis] * dilations[i]);
  axes.forEach((axis, i) => {
    step[axis] *= strides[i];
  });
  return positions(unfolded, [...step, ...within]);
}

/** Calls `visit(at, from)` for each pair of equal elements of gather's output (`at`) and input (`from`). */
function eachGathered(
  op: string,
  shape: Shape,
  axis: number,
  indices: Float64Array,
  visit: (at: number, from: number) => void,
): void {
  const { outer, length, inner } = around(shape, axis);
  for (const index of indices) {
    if (index < 0 || index >= length) {
      throw new ShapeError(`${op}: index ${index} is out of range for axis ${axis}, which has length ${length}`);
    }
  }
  for (let i = 0, at = 0; i < outer; i++) {
    for (const index of indices) {
      for (let k = 0; k < inner; k++) visit(at++, (i * length + index) * inner + k);
    }
  }
}

export const movementKernels: KernelTable = {
  cast: ([x], _, [out]) => [store(out, valuesOf(x).slice())],

  transpose: ([x], { perm }, [out]) => {
    const strides = stridesOf(x.shape);
    const from = positions(
      out.shape,
      perm.map((axis) => strides[axis]),
    );
    return [store(out, pick(valuesOf(x), from))];
  },

  broadcastTo: ([x], _, [out]) => {
    const from = positions(out.shape, broadcastStrides(x.shape, out.shape));
    return [store(out, pick(valuesOf(x), from))];
  },

  reverse: ([x], { axes }, [out]) => {
    const strides = stridesOf(x.shape);
    let offset = 0;
    for (const axis of axes) {
      offset += (x.shape[axis] - 1) * strides[axis];
      strides[axis] *= -1;
    }
    return [store(out, pick(valuesOf(x), positions(out.shape, strides, offset)))];
  },

  slice: ([x], { begin, strides }, [out]) => {
    const step = stridesOf(x.shape);
    const offset = step.reduce((sum, stride, i) => sum + begin[i] * stride, 0);
    const from = positions(
      out.shape,
      step.map((stride, i) => stride * strides[i]),
      offset,
    );
    return [store(out, pick(valuesOf(x), from))];
  },

  pad: ([x], { low, interior }, [out]) => {
    const step = stridesOf(out.shape);
    const offset = step.reduce((sum, stride, i) => sum + low[i] * stride, 0);
    const to = positions(
      x.shape,
      step.map((stride, i) => stride * (interior[i] + 1)),
      offset,
    );
    const values = valuesOf(x);
    const result = new Float64Array(sizeOf(out.shape));
    for (let i = 0; i < to.length; i++) result[to[i]] = values[i];
    return [store(out, result)];
  },

  concat: (inputs, { axis }, [out]) => {
    const strides = stridesOf(out.shape);
    const result = new Float64Array(sizeOf(out.shape));
    let begin = 0;
    for (const x of inputs) {
      const values = valuesOf(x);
      const to = positions(x.shape, strides, begin * strides[axis]);
      for (let i = 0; i < to.length; i++) result[to[i]] = values[i];
      begin += x.shape[axis];
    }
    return [store(out, result)];
  },

  gather: ([x, indices], { axis }, [out]) => {
    const values = valuesOf(x);
    const result = new Float64Array(sizeOf(out.shape));
    eachGathered('gather', x.shape, axis, valuesOf(indices), (at, from) => {
      result[at] = values[from];
    });
    return [store(out, result)];
  },

  scatterAdd: ([updates, indices], { axis }, [out]) => {
    const values = valuesOf(updates);
    const result = new Float64Array(sizeOf(out.shape));
    eachGathered('scatterAdd', out.shape, axis, valuesOf(indices), (at, from) => {
      result[from] += values[at];
    });
    return [store(out, result)];
  },

  unfold: ([x], attrs, [out]) => [store(out, pick(valuesOf(x), windows(out.shape, x.shape, attrs)))],

  fold: ([u], attrs, [out]) => {
    const values = valuesOf(u);
    const to = windows(u.shape, out.shape, attrs);
    const result = new Float64Array(sizeOf(out.shape));
    for (let i = 0; i < to.length; i++) result[to[i]] += values[i];
    return [store(out, result)];
  },
};
