import type { Block, DType, KernelTable, Output, TypedArray } from '@wengert/core/functions';
import { accumulatorFor, settle } from '../accumulator.ts';
import { perDType } from '../own.ts';
import { type CpuStorage, make, view } from '../storage.ts';
import { reductionNest, walk } from '../strides.ts';
import type { Binary } from './formulas.ts';

/** Folds rows × columns of x into out: of the two steps of out one may be 0, and is where that axis is reduced. */
function reduceLoop(
  f: Binary,
  out: TypedArray,
  o: number,
  outRow: number,
  outColumn: number,
  x: TypedArray,
  ix: number,
  row: number,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++, o += outRow, ix += row) {
    if (outColumn !== 0) for (let j = 0; j < columns; j++) out[o + j] = f(out[o + j], x[ix + j]);
    else {
      // Four chains, because each addition waits for the one before it.
      const bulk = columns - (columns % 4);
      let a = out[o];
      if (bulk > 0) {
        a = f(a, x[ix]);
        let b = x[ix + 1];
        let c = x[ix + 2];
        let d = x[ix + 3];
        for (let j = 4; j < bulk; j += 4) {
          a = f(a, x[ix + j]);
          b = f(b, x[ix + j + 1]);
          c = f(c, x[ix + j + 2]);
          d = f(d, x[ix + j + 3]);
        }
        a = f(f(a, b), f(c, d));
      }
      for (let j = bulk; j < columns; j++) a = f(a, x[ix + j]);
      out[o] = a;
    }
  }
}

const plus: Binary = (x, y) => x + y;
const times: Binary = (x, y) => x * y;
const [sums, products, maxima, minima] = [reduceLoop, reduceLoop, reduceLoop, reduceLoop].map((loop) => perDType(loop));

/** Folds x along `axes`, in double until it is stored, and divides the results. */
function folded(
  loops: (dtype: DType) => typeof reduceLoop,
  f: Binary,
  start: number,
  x: Block,
  axes: readonly number[],
  out: Output,
  divisor = 1,
): CpuStorage[] {
  const result = make(out);
  const into = accumulatorFor(out.dtype, result).fill(start);
  const data = view(x);
  if (data.length > 0) {
    const nest = reductionNest(x.shape, axes);
    const last = nest.dims.length - 1;
    const [rows, columns] = nest.dims.slice(last - 1);
    const [outRow, outColumn] = nest.strides[0].slice(last - 1);
    const row = nest.strides[1][last - 1];
    const loop = loops(x.dtype);
    walk(nest, last - 1, ([o, ix]) => loop(f, into, o, outRow, outColumn, data, ix, row, rows, columns));
  }
  if (divisor !== 1) for (let i = 0; i < into.length; i++) into[i] /= divisor;
  settle(into, out.dtype, result);
  return [result];
}

/** How many elements are reduced to one. */
export function countOf({ shape }: Block, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * shape[axis], 1);
}

/** The least and the greatest value of each dtype. */
const BOUNDS: Record<DType, readonly [number, number]> = {
  float32: [-Infinity, Infinity],
  float64: [-Infinity, Infinity],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
};

/** Reductions. */
export const reductions: KernelTable = {
  sum: ([x], { axes }, [out]) => folded(sums, plus, 0, x, axes, out),
  prod: ([x], { axes }, [out]) => folded(products, out.dtype === 'int32' ? Math.imul : times, 1, x, axes, out),
  mean: ([x], { axes }, [out]) => folded(sums, plus, 0, x, axes, out, countOf(x, axes)),
  max: ([x], { axes }, [out]) => folded(maxima, Math.max, BOUNDS[x.dtype][0], x, axes, out),
  min: ([x], { axes }, [out]) => folded(minima, Math.min, BOUNDS[x.dtype][1], x, axes, out),
};
