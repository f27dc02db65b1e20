import {
  type Block,
  type KernelTable,
  type Output,
  type Shape,
  ShapeError,
  type Storage,
  sizeOf,
  stridesOf,
} from '@wengert/core/functions';
import { broadcastStrides, pick, positions } from './positions.ts';
import { store, valuesOf } from './storage.ts';

type Numbers = readonly number[];

const times = (x: Numbers, y: Numbers): number[] => x.map((value, i) => value * y[i]);
const dot = (x: Numbers, y: Numbers): number => times(x, y).reduce((sum, value) => sum + value, 0);

/** The output is a strided view of `x`. */
function view(x: Block, out: Output, strides: Numbers, offset = 0): [Storage] {
  return [store(out, pick(valuesOf(x), positions(out.shape, strides, offset)))];
}

/** Puts the elements of `x` at `list`. Not by addition, which would lose the sign of -0. */
function putAt(result: Float64Array, list: Int32Array, x: Block): void {
  const values = valuesOf(x);
  for (let i = 0; i < list.length; i++) result[list[i]] = values[i];
}

/** The output is zero but for the elements of `x`, summed at `list`. */
function sumAt(x: Block, out: Output, list: Int32Array): [Storage] {
  const values = valuesOf(x);
  const result = new Float64Array(sizeOf(out.shape));
  for (let i = 0; i < list.length; i++) result[list[i]] += values[i];
  return [store(out, result)];
}

/** The strides of unfold's output over an `x` of `shape`: those between windows, then those within a window. */
function windowStrides(shape: Shape, attrs: Readonly<Record<'axes' | 'strides' | 'dilations', Numbers>>): number[] {
  const between = stridesOf(shape);
  const within = attrs.axes.map((axis, i) => between[axis] * attrs.dilations[i]);
  attrs.axes.forEach((axis, i) => {
    between[axis] *= attrs.strides[i];
  });
  return [...between, ...within];
}

/** For each element of gather's output, its position in the block of `shape` that is gathered from. */
function gathered(op: string, shape: Shape, axis: number, indices: Block): Int32Array {
  const length = shape[axis];
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)].map(sizeOf);
  const list: number[] = [];
  for (let i = 0; i < outer; i++) {
    for (const index of valuesOf(indices)) {
      if (index < 0 || index >= length) {
        throw new ShapeError(`${op}: index ${index} is out of range for axis ${axis}, which has length ${length}`);
      }
      for (let k = 0; k < inner; k++) list.push((i * length + index) * inner + k);
    }
  }
  return Int32Array.from(list);
}

export const movementKernels: KernelTable = {
  cast: ([x], _, [out]) => [store(out, valuesOf(x).slice())],

  transpose: ([x], { perm }, [out]) => {
    const strides = stridesOf(x.shape);
    const permuted = perm.map((axis) => strides[axis]);
    return view(x, out, permuted);
  },

  broadcastTo: ([x], _, [out]) => view(x, out, broadcastStrides(x.shape, out.shape)),

  reverse: ([x], { axes }, [out]) => {
    const sign = x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1));
    const first = x.shape.map((length, axis) => (axes.includes(axis) ? length - 1 : 0));
    return view(x, out, times(stridesOf(x.shape), sign), dot(stridesOf(x.shape), first));
  },

  slice: ([x], { begin, strides }, [out]) =>
    view(x, out, times(stridesOf(x.shape), strides), dot(stridesOf(x.shape), begin)),

  pad: ([x], { low, interior }, [out]) => {
    const strides = stridesOf(out.shape);
    const spacing = interior.map((zeros) => zeros + 1);
    const result = new Float64Array(sizeOf(out.shape));
    putAt(result, positions(x.shape, times(strides, spacing), dot(strides, low)), x);
    return [store(out, result)];
  },

  concat: (inputs, { axis }, [out]) => {
    const strides = stridesOf(out.shape);
    const result = new Float64Array(sizeOf(out.shape));
    let begin = 0;
    for (const x of inputs) {
      putAt(result, positions(x.shape, strides, begin * strides[axis]), x);
      begin += x.shape[axis];
    }
    return [store(out, result)];
  },

  gather: ([x, indices], { axis }, [out]) => [
    store(out, pick(valuesOf(x), gathered('gather', x.shape, axis, indices))),
  ],

  scatterAdd: ([updates, indices], { axis }, [out]) =>
    sumAt(updates, out, gathered('scatterAdd', out.shape, axis, indices)),

  unfold: ([x], attrs, [out]) => view(x, out, windowStrides(x.shape, attrs)),

  fold: ([u], attrs, [out]) => sumAt(u, out, positions(u.shape, windowStrides(out.shape, attrs))),
};
