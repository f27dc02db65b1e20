import '@wengert/backend-cpu';
import { createWebglBackend } from '@wengert/backend-webgl';
import { observe, setBackend } from '@wengert/core';
import { expect, it } from 'vitest';
import { programs } from './programs.ts';
import { programsSuite } from './programsSuite.ts';

programsSuite('webgl', 5);

it('all of them compute on the GPU', async () => {
  await setBackend(createWebglBackend({ hostElements: 0 }));
  const elsewhere: string[] = [];
  const stop = observe(({ op, route }) => {
    if (route === 'fallback') elsewhere.push(op);
  });
  for (const { run } of programs) run();
  stop();
  expect(elsewhere).toEqual([]);
});
