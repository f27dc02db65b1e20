import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

/** Throws where two of the blocks overlap, each with the slack behind it. */
function checkApart(blocks: readonly { address: number; bytes: number }[]): void {
  const sorted = [...blocks].sort((a, b) => a.address - b.address);
  sorted.reduce((end, { address, bytes }) => {
    if (address < end) throw new Error(`${address} lies before ${end}`);
    return address + bytes + 64;
  }, 0);
}

it('never hands out what is in use, and keeps its size where sizes repeat', () => {
  const heap = new Heap();
  let held: { address: number; bytes: number }[] = [];
  let size = 0;
  let state = 1;
  for (let round = 0; round < 60; round++) {
    state = 1; // the same sizes in each round
    for (let i = 0; i < 200; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const bytes = 1 + (state % (i % 10 === 0 ? 2 ** 19 : 5000));
      const address = heap.allocate(bytes);
      expect(address % 16).toBe(0);
      expect(address).toBeGreaterThan(0);
      held.push({ address, bytes });
    }
    checkApart(held);
    for (const { address, bytes } of held) heap.free(address, bytes);
    held = [];
    if (round === 0) size = heap.memory.buffer.byteLength;
  }
  expect(heap.memory.buffer.byteLength).toBe(size);
});

it('joins freed neighbours before it grows', () => {
  const heap = new Heap();
  for (let bytes = 2 ** 10; bytes < 2 ** 23; bytes += 2 ** 16) {
    const blocks = Array.from({ length: Math.floor(2 ** 23 / bytes / 1.3) }, () => heap.allocate(bytes));
    for (const address of blocks) heap.free(address, bytes);
  }
  expect(heap.memory.buffer.byteLength).toBe(2 ** 24);
});

it('does not grow while it is pinned, and has no room for the impossible', () => {
  const heap = new Heap();
  const view = heap.view('float32', heap.allocate(16), 4);
  expect(heap.pinned(() => heap.allocate(2 ** 25))).toBe(0);
  expect(view.length).toBe(4);
  expect(heap.allocate(2 ** 25)).toBeGreaterThan(0);
  expect(view.length).toBe(0);
  expect(heap.allocate(2 ** 31)).toBe(0);
});
