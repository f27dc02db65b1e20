import { type Block, type DType, type KernelTable, type Output, type Storage, stridesOf } from '@wengert/core';
import { around, positions } from './positions.ts';
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
    const along = (list: readonly number[]): Int32Array => {
      const [lengths, steps] = [x.shape, strides].map((all) => list.map((axis) => all[axis]));
      return positions(lengths, steps);
    };
    const kept = along(x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)));
    const reduced = along(axes);
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

const add = (x: number, y: number): number => x + y;

export const reductionKernels: KernelTable = {
  sum: reduce(() => 0, add),
  max: reduce((dtype) => RANGE[dtype][0], Math.max),
  min: reduce((dtype) => RANGE[dtype][1], Math.min),

  argMax: ([x], { axis }, [out]) => {
    const values = valuesOf(x);
    const { outer, length, inner } = around(x.shape, axis);
    const result = new Float64Array(outer * inner);
    for (let i = 0; i < result.length; i++) {
      const begin = Math.floor(i / inner) * length * inner + (i % inner);
      let best = NaN;
      for (let k = 0; k < length; k++) {
        const value = values[begin + k * inner];
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
    const { outer, length, inner } = around(x.shape, axis);
    const result = new Float64Array(values.length);
    for (let i = 0; i < outer * inner; i++) {
      const begin = Math.floor(i / inner) * length * inner + (i % inner);
      for (let k = 0, total = 0; k < length; k++) {
        const at = begin + (reverse ? length - 1 - k : k) * inner;
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
      const rank = (i: number, j: number): number => {
        if (Number.isNaN(row[i]) || Number.isNaN(row[j]))
          return Number(Number.isNaN(row[i])) - Number(Number.isNaN(row[j]));
        return row[i] === row[j] ? 0 : row[i] < row[j] !== descending ? -1 : 1;
      };
      Array.from(row, (_, i) => i)
        .sort(rank)
        .forEach((from, to) => {
          result[begin + to] = row[from];
          indices[begin + to] = from;
        });
    }
    return [store(sorted, result), store(order, indices)];
  },
};
