import type { Contestant } from '../../src/contestant.ts';
import { jax } from '../shared/jax.ts';

/** jax-js on WebAssembly, op by op. */
export const contestant: Contestant = {
  title: 'jax-js eager',
  role: 'peer',
  packages: ['@jax-js/jax'],
  ...jax((f) => f),
};
