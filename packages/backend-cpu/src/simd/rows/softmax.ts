import { around, type KernelTable, sizeOf } from '@wengert/core/functions';
import { isFloat32, onHeap } from '../access.ts';
import { linewise } from './linewise.ts';
import { alongColumns, alongRows, type Kind } from './softmaxLoop.ts';

/* @__NO_SIDE_EFFECTS__ */
function normalisation(kind: Kind): ReturnType<typeof linewise> {
  return linewise(
    () => alongRows(kind),
    (columns) => alongColumns(kind, columns),
  );
}

const plain = normalisation('softmax');
const logarithmic = normalisation('logSoftmax');
const reduced = normalisation('logSumExp');

/** The exponentials that are normalised by their sum. */
export const softmax: KernelTable = {
  softmax: onHeap(([x], { axis }, [out]) => (isFloat32(x) ? plain(x, around(x.shape, axis), out) : null)),
  logSoftmax: onHeap(([x], { axis }, [out]) => (isFloat32(x) ? logarithmic(x, around(x.shape, axis), out) : null)),
  logSumExp: onHeap(([x], { axes }, [out]) => {
    const [first] = axes;
    if (!isFloat32(x) || first === undefined || axes.some((axis, i) => axis !== first + i)) return null;
    const [before, after] = [x.shape.slice(0, first), x.shape.slice(first + axes.length)].map(sizeOf);
    return reduced(x, [before, sizeOf(x.shape.slice(first, first + axes.length)), after], out);
  }),
};
