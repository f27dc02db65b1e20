import '@wengert/backend-webgl';
import { type Dispatch, memory, observe, setBackend, setSeed } from '@wengert/core';
import { train } from '@wengert/optimizers';
import { expect, it } from 'vitest';
import { sharedContext } from '../../packages/backend-webgl/src/context.ts';
import { WebGL2Kernel } from '../../packages/backend-webgl/src/gpu.ts';
import { permutation, pick, sizeOf, split } from './data.ts';
import { fetchDigits } from './fetchDigits.ts';
import { makeModel } from './model.ts';
import { trainModel } from './train.ts';

it('the GPU learns to tell digits: 85 % of 500 new ones after two passes over 2,000', async () => {
  expect(await setBackend('webgl')).toBe(true);
  setSeed(1);
  const digits = await fetchDigits();
  expect(sizeOf(digits)).toBe(10_000);
  const before = memory();
  const some = split(pick(digits, permutation(10_000).subarray(0, 2500)), 500);
  const seen = new Set<string>();
  const stop = observe(({ op, backend, route }: Dispatch) => seen.add(`${op} ${route} ${backend}`));
  try {
    using model = makeModel(64);
    using optimizer = train.adam(0.004);
    const { epochs, steps } = await trainModel(model, optimizer, some, { epochs: 2, batch: 100 });
    expect(steps.length).toBe(40);
    expect(epochs[1].test.accuracy).toBeGreaterThan(0.85);
    expect(epochs[1].test.loss).toBeLessThan(epochs[0].test.loss);
  } finally {
    stop();
  }
  expect(memory()).toEqual(before);

  // Neither another backend nor a stand-in of gpu.js had a part in it.
  expect([...seen].filter((route) => !/ (kernel|composed|fused) webgl$/.test(route))).toEqual([]);
  for (const op of ['matMul', 'add', 'relu', 'argMax', 'sum']) expect(seen).toContain(`${op} kernel webgl`);
  const { compiler, programs } = sharedContext();
  expect(compiler.Kernel).toBe(WebGL2Kernel);
  expect(programs.size).toBeGreaterThan(0);
  for (const { kernel } of programs.values()) expect(kernel).toBeInstanceOf(WebGL2Kernel);
});
