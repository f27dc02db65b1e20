import { it } from 'vitest';
import { agreement, generator } from '../../agreement.ts';
import { matMulCalls } from '../../cases/matMulCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

/** Sums in float lose more than the plain loops' sums in double: so much of the largest element. */
const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 1, 2 ** 29 * 40);

it.each(Object.entries(matMulCalls))('%s', (_name, calls) => {
  for (const call of calls(generator(2), 'float32')) agree(...call);
});
