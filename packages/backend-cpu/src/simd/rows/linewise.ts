import type { Block, Output, Storage } from '@wengert/core/functions';
import type { Definition } from '../../wasm/module.ts';
import { addressOf, lazily, makeOnHeap } from '../access.ts';

/** Fewer elements cost less in a plain loop, as do shorter rows. */
const FEWEST = 64;
const SHORTEST = 4;
const BYTES = 4;
/** Columns that are computed together, where rows lie apart. */
const COLUMNS = 16;

/** Computes what is made of each line of [before, length, after], along `length`; null for what it does not serve. */
type Linewise = (x: Block, shape: readonly [number, number, number], out: Output) => Storage[] | null;

/**
 * A kernel of elements of 4 bytes from two functions: of out, x, rows and columns for lines that are contiguous, and of
 * out, x, rows, and the bytes from one row to the next, for 16 or 4 neighbouring columns that are a line each.
 */
/* @__NO_SIDE_EFFECTS__ */
export function linewise(alongRows: () => Definition, alongColumns: (columns: number) => Definition): Linewise {
  const loops = lazily(() => [alongRows(), alongColumns(COLUMNS), alongColumns(4)]);
  return (x, [before, length, after], out) => {
    if (before * length * after < FEWEST || (after === 1 ? length : after) < SHORTEST) return null;
    const [rows, columns, fewColumns] = loops();
    const [result, to] = makeOnHeap(out);
    const from = addressOf(x);
    if (after === 1) rows(to, from, before, length);
    else {
      const step = after * BYTES;
      const outBlock = (result.length / before) * BYTES;
      for (let i = 0; i < before; i++) {
        for (let column = 0; column < after; ) {
          const wide = after - column >= COLUMNS;
          // The last columns are computed together with some that have been: whole vectors stay inside their row.
          const first = wide ? column : Math.min(column, after - 4);
          const run = wide ? columns : fewColumns;
          run(to + i * outBlock + first * BYTES, from + i * length * step + first * BYTES, length, step);
          column = first + (wide ? COLUMNS : 4);
        }
      }
    }
    return [result];
  };
}
