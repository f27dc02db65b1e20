import { createCpuBackend } from '@wengert/backend-cpu';
import type { Contestant } from '../src/contestant.ts';
import { wengert } from '../src/wengert.ts';

/** The cpu backend as it is by default: one thread. */
export const contestant: Contestant = wengert('Wengert', () => createCpuBackend());
