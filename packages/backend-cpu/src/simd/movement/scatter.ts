import { around, type KernelTable, sizeOf } from '@wengert/core/functions';
import { checkIndices } from '../../kernels/movement.ts';
import { view } from '../../storage.ts';
import { addressOf, heapView, isFloat32, lazy, makeOnHeap, onHeap } from '../access.ts';
import { scatterLoop } from './scatterLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
/** Of more terms to one place sums are kept in double, which the plain loops do. */
const TERMS = 64;
const BYTES = 4;

const loop = lazy(() => scatterLoop);

/** Sums of the rows of float32 that are sent to one place. */
export const scatter: KernelTable = {
  scatterAdd: onHeap(([updates, indices], { axis, size }, [out]) => {
    const count = sizeOf(indices.shape);
    if (!isFloat32(out) || sizeOf(updates.shape) < FEWEST || count > TERMS * size) return null;
    checkIndices('scatterAdd', view(indices), size);
    const [before, , after] = around(out.shape, axis);
    const [result, to] = makeOnHeap(out);
    const [x, places] = [addressOf(updates), addressOf(indices)];
    heapView('float32', to, result.length).fill(0);
    for (let i = 0; i < before; i++) {
      loop()(to + i * size * after * BYTES, x + i * count * after * BYTES, places, count, after);
    }
    return [result];
  }),
};
