import { around, type KernelTable, sizeOf } from '@wengert/core/functions';
import { checkIndices } from '../../kernels/movement.ts';
import { view } from '../../storage.ts';
import { addressOf, heapView, isFloat32, lazy, makeOnHeap, onHeap, scratch } from '../access.ts';
import { scatterLoop } from './scatterLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
/** More terms to one place are summed in parts; of more parts sums are kept in double, which the plain loops do. */
const TERMS = 64;
const BYTES = 4;

const loop = lazy(() => scatterLoop);

/** Sums of the rows of float32 that are sent to one place. */
export const scatter: KernelTable = {
  scatterAdd: onHeap(([updates, indices], { axis, size }, [out]) => {
    const count = sizeOf(indices.shape);
    const terms = TERMS * size;
    if (!isFloat32(out) || sizeOf(updates.shape) < FEWEST || count > TERMS * terms) return null;
    checkIndices('scatterAdd', view(indices), size);
    const [before, , after] = around(out.shape, axis);
    const [result, to] = makeOnHeap(out);
    const [x, places] = [addressOf(updates), addressOf(indices)];
    const row = after * BYTES;
    // A part, behind an index that names all of the output as one row.
    const first = count > terms ? scratch(BYTES + size * row) : 0;
    heapView('float32', to, result.length).fill(0);
    for (let i = 0; i < before; i++) {
      const all = to + i * size * row;
      for (let at = 0; at < count; at += terms) {
        const into = at === 0 ? all : first + BYTES;
        if (at > 0) heapView('float32', first, 1 + size * after).fill(0);
        loop()(into, x + (i * count + at) * row, places + at * BYTES, Math.min(terms, count - at), after);
        if (at > 0) loop()(all, into, first, 1, size * after);
      }
    }
    return [result];
  }),
};
