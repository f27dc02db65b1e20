import { around, bytesPerElement, type KernelTable, sizeOf } from '@wengert/core/functions';
import { checkIndices } from '../../kernels/movement.ts';
import { storageOf, view } from '../../storage.ts';
import { addressOf, lazy, makeOnHeap, onHeap } from '../access.ts';
import { gatherLoop } from './gatherLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
/** Longer rows, in bytes, are copied as fast by the engine. */
const LONGEST = 2 ** 13;

const loop = lazy(() => gatherLoop);

/** Rows of any dtype that indices name. */
export const gather: KernelTable = {
  gather: onHeap(([x, indices], { axis }, [out]) => {
    const [before, length, after] = around(x.shape, axis);
    const count = sizeOf(indices.shape);
    const source = storageOf(x);
    const elements = before * count * after;
    const row = after * bytesPerElement(x.dtype);
    if (elements < FEWEST || row > LONGEST) return null;
    // To bring all of x to the heap for a few of its rows would cost more than they do.
    if (source.length > elements && source.address === 0 && source.need() === 0) return null;
    const [result, to] = makeOnHeap(out);
    const [from, places] = [addressOf(x), addressOf(indices)];
    for (let i = 0; i < before; i++) {
      const left = loop()(to + i * count * row, from + i * length * row, places, count, row, length);
      if (left !== 0) checkIndices('gather', view(indices), length);
    }
    return [result];
  }),
};
