import { type Block, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { type Pool, type PoolTable, poolTable } from '../kernels/poolTable.ts';
import type { CpuStorage } from '../storage.ts';
import { addressOf, heapView, isFloat32, lazy, makeOnHeap, onHeap, scratch } from './access.ts';
import { type Kind, poolLoop } from './poolLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 64;
const BYTES = 4;

/** Writes the table to the heap as the loop reads it: its first and its last address. */
function tableOnHeap({ entries, window }: PoolTable, kind: Kind): [number, number] {
  const { length } = entries;
  const address = scratch(length * BYTES);
  heapView('int32', address, length).set(entries);
  const headers = heapView('float32', address, length);
  for (let at = 0; at < length; at += entries[at] + 2) {
    const count = entries[at];
    headers[at + 1] = kind === 'mean' ? 1 / Math.max(count, 1) : count < window ? -Infinity : Number.NaN;
  }
  return [address, address + length * BYTES];
}

function pooling(kind: Kind): (x: Block, attrs: Pool, out: Output) => CpuStorage[] | null {
  const loop = lazy(() => poolLoop(kind));
  return (x, attrs, out) => {
    if (!isFloat32(x) || sizeOf(out.shape) < FEWEST) return null;
    const table = poolTable(x, out.shape, attrs);
    const [result, to] = makeOnHeap(out);
    const from = addressOf(x);
    const [start, end] = tableOnHeap(table, kind);
    const { images, size, positions, channels } = table;
    for (let image = 0; image < images; image++) {
      const first = image * size;
      loop()(to + image * positions * channels * BYTES, from + first * BYTES, first, start, end, channels);
    }
    return [result];
  };
}

const [max, indices, mean] = (['max', 'indices', 'mean'] as const).map(pooling);

/** Largest elements and means of windows over float32. */
export const pool: KernelTable = {
  maxPool: onHeap(([x], attrs, [out]) => max(x, attrs, out)),
  maxPool3d: onHeap(([x], attrs, [out]) => max(x, attrs, out)),
  maxPoolIndices: onHeap(([x], attrs, [out]) => indices(x, attrs, out)),
  avgPool: onHeap(([x], attrs, [out]) => mean(x, attrs, out)),
  avgPool3d: onHeap(([x], attrs, [out]) => mean(x, attrs, out)),
};
