import '@wengert/backend-reference';
import { env, memory, mul, nextFrame, profile, setBackend, sum, tensor, tidy, time } from '@wengert/core';
import { expect, it } from 'vitest';

await setBackend('reference');

it('a profile names the ops, their shapes and what they leave', async () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const found = await profile(() => tidy(() => sum(mul(x, x), 0)));
  expect(found.kernelNames).toEqual(['mul', 'sum']);
  expect(found.kernels[1]).toMatchObject({ name: 'sum', route: 'kernel', inputShapes: [[2, 2]], outputShapes: [[2]] });
  expect([found.newTensors, found.newBytes]).toEqual([1, 16]);
  expect(found.peakBytes).toBeGreaterThanOrEqual(memory().numBytes);
  expect((await profile(() => 1)).kernels).toEqual([]);
  await expect(profile(() => Promise.reject(new Error('oh')))).rejects.toThrow('oh');
});

it('time waits for what it measures, and frees it', async () => {
  const before = memory().numTensors;
  const { wallMs } = await time(() => {
    const until = performance.now() + 5;
    while (performance.now() < until) mul([1], [2]);
  });
  expect(wallMs).toBeGreaterThanOrEqual(5);
  expect(memory().numTensors).toBe(before);
});

it('other programs run before the next frame', async () => {
  let ran = false;
  Promise.resolve().then(() => {
    ran = true;
  });
  await nextFrame();
  expect(ran).toBe(true);
});

it('flags are what was set', () => {
  env().set('WEBGL_PACK', 0);
  expect([env().getBool('WEBGL_PACK'), env().getNumber('WEBGL_PACK'), env().getFlags()]).toEqual([
    false,
    0,
    { WEBGL_PACK: 0 },
  ]);
  env().reset();
  expect(() => env().get('WEBGL_PACK')).toThrow(/WEBGL_PACK/);
});
