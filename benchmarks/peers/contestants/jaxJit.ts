import { jit } from '@jax-js/jax';
import type { Contestant } from '../../src/contestant.ts';
import { jax, type Prepare } from '../shared/jax.ts';

const endless = 'its compiler takes time that grows exponentially with the length of such a chain';

/** jax-js on WebAssembly, each program compiled before it is timed. */
export const contestant: Contestant = {
  title: 'jax-js jit',
  role: 'peer',
  packages: ['@jax-js/jax'],
  cannot: { W5d2: endless, W5e: endless },
  ...jax(jit as Prepare),
};
