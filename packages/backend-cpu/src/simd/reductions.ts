import { type Block, bytesPerElement, type KernelTable, type Output, sizeOf, stridesOf } from '@wengert/core/functions';
import { type CpuStorage, make } from '../storage.ts';
import { collapse, walk } from '../strides.ts';
import { addressOf, heapView, lazily, makeOnHeap, onHeap, scratch } from './access.ts';
import { byDType, type Folds, maxima, minima, products, sums } from './folds.ts';
import { acrossRows, alongRows, keepsDoubles } from './reductionLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 512;
/** Rows shorter than this are left to the plain loops. */
const SHORTEST = 8;

/** Reduces x along axes and divides the results. */
type Reduction = (x: Block, axes: readonly number[], out: Output, divisor?: number) => CpuStorage[] | null;

/* @__NO_SIDE_EFFECTS__ */
function reduction(folds: Folds): Reduction {
  const known = byDType(folds, (fold) => ({ fold, functions: lazily(() => [alongRows(fold), acrossRows(fold)]) }));
  return (x, axes, out, divisor = 1) => {
    const found = known.get(x.dtype);
    if (found === undefined || sizeOf(x.shape) < FEWEST) return null;
    const { fold, functions } = found;
    const { start, size } = fold;
    const kept = keepsDoubles(fold) ? 'float64' : x.dtype;
    const shape = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
    const outStrides = stridesOf(shape).map((step, axis) => (axes.includes(axis) ? 0 : step));
    const nest = collapse(x.shape, [outStrides, stridesOf(x.shape)], 2);
    const last = nest.dims.length - 1;
    const [rows, columns] = nest.dims.slice(last - 1);
    if (columns < SHORTEST) return null;
    const row = nest.strides[1][last - 1] * size;
    const along = nest.strides[0][last] === 0;
    const [alongRow, acrossRow] = functions();
    const from = addressOf(x);
    const bytes = bytesPerElement(kept);
    const apart = kept === out.dtype ? 0 : scratch(sizeOf(out.shape) * bytes);
    const [result, at] = apart === 0 ? makeOnHeap(out) : [make(out), apart];
    const values = heapView(kept, at, result.length).fill(start);
    walk(nest, last - 1, ([o, ix]) => {
      if (along) alongRow(at + o * bytes, from + ix * size, rows, columns);
      else acrossRow(at + o * bytes, from + ix * size, row, rows, columns);
    });
    if (divisor !== 1) for (let i = 0; i < values.length; i++) values[i] /= divisor;
    if (apart !== 0) result.data.set(values);
    return [result];
  };
}

const sum = reduction(sums);
const prod = reduction(products);
const max = reduction(maxima);
const min = reduction(minima);

/** Reductions of all dtypes. */
export const reductions: KernelTable = {
  sum: onHeap(([x], { axes }, [out]) => sum(x, axes, out)),
  prod: onHeap(([x], { axes }, [out]) => prod(x, axes, out)),
  max: onHeap(([x], { axes }, [out]) => max(x, axes, out)),
  min: onHeap(([x], { axes }, [out]) => min(x, axes, out)),
  mean: onHeap(([x], { axes }, [out]) =>
    sum(
      x,
      axes,
      out,
      axes.reduce((product, axis) => product * x.shape[axis], 1),
    ),
  ),
};
