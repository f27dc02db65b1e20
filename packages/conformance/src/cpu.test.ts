import { createCpuBackend } from '@wengert/backend-cpu';
import { describeBackend } from './vitest.ts';

for (const simd of [true, false]) describeBackend(`cpu, simd: ${simd}`, () => createCpuBackend({ simd }));
