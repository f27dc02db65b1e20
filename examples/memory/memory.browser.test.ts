import '@wengert/backend-cpu';
import '@wengert/backend-webgl';
import { memory, setBackend } from '@wengert/core';
import { expect, it } from 'vitest';
import { cleanlinessSuite } from './cleanlinessSuite.ts';
import { watchMemory } from './watchMemory.ts';

cleanlinessSuite('webgl');

it('1,000 steps of training on the GPU hold no more memory than the first did', async () => {
  await setBackend('webgl');
  const before = memory();
  const [warm, ...later] = watchMemory(1000, 100);
  expect(memory()).toEqual(before);
  expect(later.length).toBe(9);
  expect(warm.bytes).toBeGreaterThan(0);
  for (const { core, bytes } of later) expect({ core, bytes }).toEqual({ core: warm.core, bytes: warm.bytes });
}, 300_000);
