import { type Block, type KernelTable, type Output, sizeOf, stridesOf } from '@wengert/core/functions';
import type { CpuStorage } from '../storage.ts';
import { collapse, walk } from '../strides.ts';
import { addressOf, heapView, isFloat32, lazily, makeOnHeap, onHeap } from './access.ts';
import { acrossRows, alongRows, type Fold, folds } from './reductionLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
/** Rows shorter than this are left to the plain loops. */
const SHORTEST = 8;
const BYTES = 4;

/** Reduces x along axes and divides the results. */
type Reduction = (x: Block, axes: readonly number[], out: Output, divisor?: number) => CpuStorage[] | null;

function reduction(fold: Fold): Reduction {
  const functions = lazily(() => [alongRows(fold), acrossRows(fold)]);
  return (x, axes, out, divisor = 1) => {
    if (!isFloat32(x) || sizeOf(x.shape) < FEWEST) return null;
    const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
    const outStrides = stridesOf(kept).map((step, axis) => (axes.includes(axis) ? 0 : step));
    const nest = collapse(x.shape, [outStrides, stridesOf(x.shape)], 2);
    const last = nest.dims.length - 1;
    const [rows, columns] = nest.dims.slice(last - 1);
    const outColumn = nest.strides[0][last];
    const row = nest.strides[1][last - 1];
    const along = outColumn === 0;
    // Of sums along the last axis and another one the partial sums would have to be kept somewhere.
    const partial = nest.strides[0].some((step, i) => i < last && step === 0 && nest.dims[i] > 1);
    if (columns < SHORTEST || (along && partial)) return null;
    const [alongRow, acrossRow] = functions();
    const [result, to] = makeOnHeap(out);
    const from = addressOf(x);
    if (!along) heapView('float32', to, result.length).fill(fold.start);
    walk(nest, last - 1, ([o, ix]) => {
      if (along) alongRow(to + o * BYTES, from + ix * BYTES, rows, columns);
      else acrossRow(to + o * BYTES, from + ix * BYTES, row * BYTES, rows, columns);
    });
    if (divisor !== 1) {
      const values = heapView('float32', to, result.length);
      for (let i = 0; i < values.length; i++) values[i] /= divisor;
    }
    return [result];
  };
}

const [sum, max, min] = [folds.sum, folds.max, folds.min].map(reduction);

/** Reductions of float32. */
export const reductions: KernelTable = {
  sum: onHeap(([x], { axes }, [out]) => sum(x, axes, out)),
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
