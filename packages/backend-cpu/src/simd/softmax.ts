import { around, type Block, type KernelTable, type Output, type Storage, sizeOf } from '@wengert/core/functions';
import { addressOf, isFloat32, lazily, makeOnHeap, onHeap } from './access.ts';
import { alongColumns, alongRows, COLUMNS, type Kind } from './softmaxLoop.ts';

/** Fewer elements cost less in a plain loop, as do shorter rows. */
const FEWEST = 64;
const SHORTEST = 4;
const BYTES = 4;

type Normalisation = (x: Block, shape: readonly [number, number, number], out: Output) => Storage[] | null;

/** Of [before, length, after], along `length`. */
/* @__NO_SIDE_EFFECTS__ */
function normalisation(kind: Kind): Normalisation {
  const loops = lazily(() => [alongRows(kind), alongColumns(kind, COLUMNS), alongColumns(kind, 4)]);
  return (x, [before, length, after], out) => {
    const size = before * length * after;
    if (!isFloat32(x) || size < FEWEST || (after === 1 ? length : after) < SHORTEST) return null;
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

const plain = normalisation('softmax');
const logarithmic = normalisation('logSoftmax');
const reduced = normalisation('logSumExp');

/** The exponentials that are normalised by their sum. */
export const softmax: KernelTable = {
  softmax: onHeap(([x], { axis }, [out]) => plain(x, around(x.shape, axis), out)),
  logSoftmax: onHeap(([x], { axis }, [out]) => logarithmic(x, around(x.shape, axis), out)),
  logSumExp: onHeap(([x], { axes }, [out]) => {
    const [first] = axes;
    if (first === undefined || axes.some((axis, i) => axis !== first + i)) return null;
    const [before, after] = [x.shape.slice(0, first), x.shape.slice(first + axes.length)].map(sizeOf);
    return reduced(x, [before, sizeOf(x.shape.slice(first, first + axes.length)), after], out);
  }),
};
