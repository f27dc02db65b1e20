import { setBackend, type Tensor, tensor, tidy } from '@wengert/core';
import { expect, it } from 'vitest';
import { createCpuBackend } from './createCpuBackend.ts';
import { sharedHeap } from './heap.ts';

/** Steps on tensors of 1 MB in a synchronous loop, in which no finalizer runs. */
const STEPS = 1200;
const MEGABYTE = 2 ** 20;

const ways: Record<string, (x: Tensor, one: Tensor) => Tensor> = {
  'without tidy': (x, one) => x.add(one),
  'with tidy': (x, one) => tidy(() => x.add(one)),
  'with temporaries in tidy': (x, one) => tidy(() => x.add(one).mul(one)),
};

for (const [name, step] of Object.entries(ways)) {
  it(`a loop that disposes nothing stays in bounded memory, ${name}`, async () => {
    await setBackend(createCpuBackend());
    const one = tensor(new Float32Array(2 ** 18).fill(1));
    let x = tensor(new Float32Array(2 ** 18));
    const before = process.memoryUsage.rss();
    let peak = 0;
    for (let i = 0; i < STEPS; i++) {
      x = step(x, one);
      if (i % 20 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
    expect(x.dataSync()[123]).toBe(STEPS);
    expect((peak - before) / MEGABYTE).toBeLessThan(400);
    expect((sharedHeap()?.memory.buffer.byteLength ?? 0) / MEGABYTE).toBeLessThan(128);
  });
}
