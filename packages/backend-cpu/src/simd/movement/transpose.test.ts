import { it } from 'vitest';
import { ALL, agreement, generator } from '../../agreement.ts';
import { transposeCalls } from '../../cases/transposeCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 0, 0);

it.each(Object.entries(transposeCalls))('%s', (_name, calls) => {
  for (const dtype of ALL) for (const call of calls(generator(2), dtype)) agree(...call);
});
