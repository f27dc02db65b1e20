import { createCpuBackend } from '@wengert/backend-cpu';
import type { Contestant } from '../src/contestant.ts';
import { wengert } from '../src/wengert.ts';

/** The cpu backend with two threads; it takes no part where it is given one. */
export const contestant: Contestant = wengert('Wengert, 2 threads', () => {
  const backend = createCpuBackend({ threads: 2 });
  if (backend.threads.count !== 2) throw new Error(`no second thread: ${backend.threads.reason}`);
  return backend;
});
