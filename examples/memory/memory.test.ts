import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import { dispose, GradientTape, memory, mul, setBackend, tidy, variable } from '@wengert/core';
import { expect, it } from 'vitest';
import { cleanlinessSuite } from './cleanlinessSuite.ts';
import { residentMemory } from './residentMemory.ts';
import { watchMemory } from './watchMemory.ts';

cleanlinessSuite('reference');
cleanlinessSuite('cpu');

it('a synchronous loop does not pile up its tapes', async () => {
  await setBackend('cpu');
  const variables = [1, 2, 3, 4].map((value) => variable(value));
  const step = (): void =>
    tidy(() => {
      using tape = new GradientTape();
      tape.gradient(mul(mul(variables[0], variables[1]), mul(variables[2], variables[3])), variables);
    });
  const heapAfter = (steps: number): number => {
    for (let i = 0; i < steps; i++) step();
    residentMemory();
    return process.memoryUsage().heapUsed;
  };
  const warm = heapAfter(2000);
  expect((heapAfter(10_000) - warm) / 10_000).toBeLessThan(500);
  dispose(variables);
}, 60_000);

it('10,000 steps of training hold no more memory than the first did', async () => {
  await setBackend('cpu');
  const before = memory();
  const [warm, ...later] = watchMemory(10_000, 2000, residentMemory);
  expect(memory()).toEqual(before);
  expect(later.map(({ step }) => step)).toEqual([4000, 6000, 8000, 10_000]);
  for (const { core, bytes, measured } of later) {
    expect({ core, bytes }).toEqual({ core: warm.core, bytes: warm.bytes });
    expect(measured / warm.measured).toBeLessThan(1.05);
  }
}, 300_000);
