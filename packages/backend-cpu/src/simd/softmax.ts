import { type Block, type KernelTable, type Output, type Storage, sizeOf } from '@wengert/core/functions';
import { addressOf, isFloat32, lazy, makeOnHeap, onHeap } from './access.ts';
import { type Kind, softmaxLoop } from './softmaxLoop.ts';

/** Fewer elements cost less in a plain loop, as do shorter rows. */
const FEWEST = 64;
const SHORTEST = 4;

type Normalisation = (x: Block, length: number, out: Output) => Storage[] | null;

/** Along the last axes, `length` elements together. */
function normalisation(kind: Kind): Normalisation {
  const loop = lazy(() => softmaxLoop(kind));
  return (x, length, out) => {
    const size = sizeOf(x.shape);
    if (!isFloat32(x) || size < FEWEST || length < SHORTEST) return null;
    const [result, to] = makeOnHeap(out);
    loop()(to, addressOf(x), size / length, length);
    return [result];
  };
}

const isLast = ({ shape }: Block, axis: number): boolean => axis === shape.length - 1;
const [plain, logarithmic, reduced] = (['softmax', 'logSoftmax', 'logSumExp'] as const).map(normalisation);

/** The exponentials that are normalised by their sum, along the last axis. */
export const softmax: KernelTable = {
  softmax: onHeap(([x], { axis }, [out]) => (isLast(x, axis) ? plain(x, x.shape[axis], out) : null)),
  logSoftmax: onHeap(([x], { axis }, [out]) => (isLast(x, axis) ? logarithmic(x, x.shape[axis], out) : null)),
  logSumExp: onHeap(([x], { axes }, [out]) => {
    if (axes.length === 0 || axes.some((axis, i) => axis !== x.shape.length - axes.length + i)) return null;
    return reduced(x, sizeOf(x.shape.slice(axes[0])), out);
  }),
};
