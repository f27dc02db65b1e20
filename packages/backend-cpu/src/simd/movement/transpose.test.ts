import { it } from 'vitest';
import { agreement, generator } from '../../agreement.ts';
import { transposeCalls } from '../../cases/transposeCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 0, 0);

it.each(Object.entries(transposeCalls))('%s', (_name, calls) => {
  for (const call of calls(generator(2), 'float32')) agree(...call);
});
