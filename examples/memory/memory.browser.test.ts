import '@wengert/backend-cpu';
import '@wengert/backend-webgl';
import { memory, setBackend } from '@wengert/core';
import { expect, it } from 'vitest';
import { cleanlinessSuite } from './cleanlinessSuite.ts';
import { watchMemory } from './watchMemory.ts';

cleanlinessSuite('webgl');

it('2,000 steps of training on the GPU hold the textures that the first ones did, within 5 %', async () => {
  await setBackend('webgl');
  const before = memory();
  const [warm, ...later] = watchMemory(2000, 200);
  expect(memory()).toEqual(before);
  expect(later.length).toBe(9);
  const bytes = warm.bytes as number;
  expect(bytes).toBeGreaterThan(0);
  for (const held of later) {
    expect(held.core).toEqual(warm.core);
    expect(Math.abs((held.bytes as number) - bytes)).toBeLessThanOrEqual(0.05 * bytes);
  }
}, 300_000);
