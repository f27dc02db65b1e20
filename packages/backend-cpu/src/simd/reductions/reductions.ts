import { type Block, bytesPerElement, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { countOf } from '../../kernels/reductions.ts';
import type { CpuStorage } from '../../storage.ts';
import { reductionNest, walk } from '../../strides.ts';
import { addressOf, heapView, lazily, makeOnHeap, makeOutput, onHeap, scratch } from '../access.ts';
import { byDType, type Fold, type Folds, maxima, minima, products, sums } from './folds.ts';
import { acrossRows, alongRows, keepsDoubles } from './reductionLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 512;
/** Rows shorter than this are left to the plain loops. */
const SHORTEST = 8;

/** Reduces x along axes and divides the results. Centres have one element for each result. */
type Reduction = (
  x: Block,
  axes: readonly number[],
  out: Output,
  divisor?: number,
  centres?: Block,
) => CpuStorage[] | null;

/** The folds of elements, or of the squares of their distances from centres. */
/* @__NO_SIDE_EFFECTS__ */
export function reduction(folds: Folds, distances = false): Reduction {
  const loops = (fold: Fold) => lazily(() => [alongRows(fold, distances), acrossRows(fold, distances)]);
  const known = byDType(folds, (fold) => ({ fold, functions: loops(fold) }));
  return (x, axes, out, divisor = 1, centres = x) => {
    const found = known.get(x.dtype);
    if (found === undefined || sizeOf(x.shape) < FEWEST) return null;
    const { fold, functions } = found;
    const { start, size } = fold;
    const kept = keepsDoubles(fold) ? 'float64' : x.dtype;
    const nest = reductionNest(x.shape, axes);
    const last = nest.dims.length - 1;
    const [rows, columns] = nest.dims.slice(last - 1);
    if (columns < SHORTEST) return null;
    const row = nest.strides[1][last - 1] * size;
    const along = nest.strides[0][last] === 0;
    const [alongRow, acrossRow] = functions();
    const [from, centre] = [x, centres].map(addressOf);
    const bytes = bytesPerElement(kept);
    const apart = kept === out.dtype ? 0 : scratch(sizeOf(out.shape) * bytes);
    const [result, at] = apart === 0 ? makeOnHeap(out) : [makeOutput(out), apart];
    const values = heapView(kept, at, result.length).fill(start);
    walk(nest, last - 1, ([o, ix]) => {
      const places = [at + o * bytes, from + ix * size];
      if (along) alongRow(...places, rows, columns, centre + o * size);
      else acrossRow(...places, row, rows, columns, centre + o * size);
    });
    if (divisor !== 1) for (let i = 0; i < values.length; i++) values[i] /= divisor;
    if (apart !== 0) result.data.set(values);
    return [result];
  };
}

export const sum: Reduction = reduction(sums);
const prod = reduction(products);
const max = reduction(maxima);
const min = reduction(minima);

/** Reductions of all dtypes. */
export const reductions: KernelTable = {
  sum: onHeap(([x], { axes }, [out]) => sum(x, axes, out)),
  prod: onHeap(([x], { axes }, [out]) => prod(x, axes, out)),
  max: onHeap(([x], { axes }, [out]) => max(x, axes, out)),
  min: onHeap(([x], { axes }, [out]) => min(x, axes, out)),
  mean: onHeap(([x], { axes }, [out]) => sum(x, axes, out, countOf(x, axes))),
};
