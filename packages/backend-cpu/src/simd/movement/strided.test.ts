import { it } from 'vitest';
import { ALL, agreement, generator } from '../../agreement.ts';
import { rearrangementCalls } from '../../cases/rearrangementCalls.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const agree = agreement(createCpuBackend({ simd: true }), createCpuBackend({ simd: false }), 0, 0);

it.each(Object.entries(rearrangementCalls))('%s', (_name, calls) => {
  for (const dtype of ALL) for (const call of calls(generator(3), dtype)) agree(...call);
});
