import type { Block, KernelTable, Output, TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { type CpuStorage, make, view } from '../storage.ts';
import { type Pool, type PoolTable, poolTable } from './poolTable.ts';

/** What is stored for each window: its largest element, where that is in x, or the mean of what lies in the image. */
type Kind = 'max' | 'indices' | 'mean';

const poolLoop = perDType((kind: Kind, out: TypedArray, x: TypedArray, border: number, table: PoolTable): void => {
  const { images, channels, size, window, entries } = table;
  let to = 0;
  for (let image = 0; image < images; image++) {
    for (let at = 0; at < entries.length; ) {
      const count = entries[at++];
      const end = at + count;
      for (let c = 0; c < channels; c++, to++) {
        const from = image * size + c;
        let sum = 0;
        // What is beyond the image is smaller than all numbers, but not than NaN.
        let best = count < window ? border : x[from + entries[at]];
        let where = from + (count > 0 ? entries[at] : 0);
        for (let k = at; k < end; k++) {
          const value = x[from + entries[k]];
          sum += value;
          // NaN never wins, and yields to the first number.
          if (value > best || (Number.isNaN(best) && !Number.isNaN(value))) {
            best = value;
            where = from + entries[k];
          }
        }
        out[to] = kind === 'max' ? best : kind === 'indices' ? where : sum / Math.max(count, 1);
      }
      at = end;
    }
  }
});

function pooling(kind: Kind, x: Block, attrs: Pool, out: Output): CpuStorage[] | null {
  if (x.dtype === 'bool') return null;
  const result = make(out);
  const border = x.dtype === 'int32' ? -(2 ** 31) : -Infinity;
  poolLoop(x.dtype)(kind, result.data, view(x), border, poolTable(x, out.shape, attrs));
  return [result];
}

/** Largest elements and means of windows. */
export const pool: KernelTable = {
  maxPool: ([x], attrs, [out]) => pooling('max', x, attrs, out),
  maxPool3d: ([x], attrs, [out]) => pooling('max', x, attrs, out),
  maxPoolIndices: ([x], attrs, [out]) => pooling('indices', x, attrs, out),
  avgPool: ([x], attrs, [out]) => pooling('mean', x, attrs, out),
  avgPool3d: ([x], attrs, [out]) => pooling('mean', x, attrs, out),
};
