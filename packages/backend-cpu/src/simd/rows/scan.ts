import { around, type Cumsum, type Kernel, type KernelTable, sizeOf } from '@wengert/core/functions';
import { addressOf, lazily, makeOnHeap, onHeap } from '../access.ts';
import { byDType, type Folds, runningProducts, runningSums } from '../reductions/folds.ts';
import { scanLoop } from './scanLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
const BYTES = 4;
/** Columns that are scanned together; what is left, one by one. */
const COLUMNS = 16;

/* @__NO_SIDE_EFFECTS__ */
function running(folds: Folds): Kernel<Cumsum> {
  const known = byDType(folds, (fold) =>
    [false, true].map((exclusive) => lazily(() => [COLUMNS, 1].map((columns) => scanLoop(fold, columns, exclusive)))),
  );
  return onHeap(([x], { axis, exclusive, reverse }, [out]) => {
    const [before, length, after] = around(x.shape, axis);
    const loops = known.get(x.dtype);
    if (loops === undefined || sizeOf(x.shape) < FEWEST) return null;
    const [many, one] = loops[Number(exclusive)]();
    const [result, to] = makeOnHeap(out);
    const from = addressOf(x);
    const row = after * BYTES;
    for (let i = 0; i < before; i++) {
      const first = (i * length + (reverse ? length - 1 : 0)) * row;
      for (let column = 0; column < after; ) {
        const wide = after - column >= COLUMNS;
        const at = first + column * BYTES;
        (wide ? many : one)(to + at, from + at, length, reverse ? -row : row);
        column += wide ? COLUMNS : 1;
      }
    }
    return [result];
  });
}

/** Running sums and products of float32 and int32. */
export const scan: KernelTable = {
  cumsum: running(runningSums),
  cumprod: running(runningProducts),
};
