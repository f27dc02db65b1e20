import {
  type Block,
  type DType,
  type KernelTable,
  keepAxes,
  type Output,
  type Storage,
  stridesOf,
} from '@wengert/core/functions';
import { linesAlong, positions } from './positions.ts';
import { store, valuesOf } from './storage.ts';

/** The one loop of `sum`, `max` and `min`: `combine` over the elements along `axes`, beginning with `initial`. */
function reduce(initial: (dtype: DType) => number, combine: (x: number, y: number) => number) {
  return (
    [x]: readonly Block[],
    { axes }: { readonly axes: readonly number[] },
    [out]: readonly Output[],
  ): [Storage] => {
    const values = valuesOf(x);
    const strides = stridesOf(x.shape);
    const kept = positions(keepAxes(x.shape, axes), strides);
    const reduced = positions(
      x.shape.map((length, axis) => (axes.includes(axis) ? length : 1)),
      strides,
    );
    const result = new Float64Array(kept.length).fill(initial(x.dtype));
    for (let i = 0; i < kept.length; i++) {
      for (let j = 0; j < reduced.length; j++) result[i] = combine(result[i], values[kept[i] + reduced[j]]);
    }
    return [store(out, result)];
  };
}

/** The least and the greatest value, which `max` and `min` begin with. */
const RANGE: Readonly<Record<DType, readonly [least: number, greatest: number]>> = {
  float64: [-Infinity, Infinity],
  float32: [-Infinity, Infinity],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
};

/** Below 0 where `x` comes before `y`, 0 where they keep their order; NaN comes last either way. */
function compare(x: number, y: number, descending: boolean): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x === y ? 0 : x < y !== descending ? -1 : 1;
}

const add = (x: number, y: number): number => x + y;

export const reductionKernels: KernelTable = {
  sum: reduce(() => 0, add),
  max: reduce((dtype) => RANGE[dtype][0], Math.max),
  min: reduce((dtype) => RANGE[dtype][1], Math.min),

  argMax: ([x], { axis }, [out]) => {
    const values = valuesOf(x);
    const { starts, length, step } = linesAlong(axis, x.shape);
    const result = new Float64Array(starts.length);
    for (let i = 0; i < starts.length; i++) {
      let best = NaN;
      for (let k = 0; k < length; k++) {
        const value = values[starts[i] + k * step];
        if (value > best || (Number.isNaN(best) && !Number.isNaN(value))) {
          best = value;
          result[i] = k;
        }
      }
    }
    return [store(out, result)];
  },

  cumsum: ([x], { axis, exclusive, reverse }, [out]) => {
    const values = valuesOf(x);
    const { starts, length, step } = linesAlong(axis, x.shape);
    const result = new Float64Array(values.length);
    for (const start of starts) {
      for (let k = 0, total = 0; k < length; k++) {
        const at = start + (reverse ? length - 1 - k : k) * step;
        result[at] = exclusive ? total : total + values[at];
        total += values[at];
      }
    }
    return [store(out, result)];
  },

  sort: ([x], { descending }, [sorted, order]) => {
    const values = valuesOf(x);
    const length = x.shape[x.shape.length - 1] ?? 1;
    const result = new Float64Array(values.length);
    const indices = new Float64Array(values.length);
    for (let begin = 0; begin < values.length; begin += length) {
      const row = values.subarray(begin, begin + length);
      const permutation = Array.from(row, (_, i) => i).sort((i, j) => compare(row[i], row[j], descending));
      permutation.forEach((from, to) => {
        result[begin + to] = row[from];
        indices[begin + to] = from;
      });
    }
    return [store(sorted, result), store(order, indices)];
  },
};
