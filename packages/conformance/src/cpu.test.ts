import { createCpuBackend } from '@wengert/backend-cpu';
import { generatedRuns } from '../../../scripts/generatedRuns.ts';
import { describeBackend } from './vitest.ts';

for (const simd of [true, false]) {
  describeBackend(`cpu, simd: ${simd}`, () => createCpuBackend({ simd }), { generated: generatedRuns() });
}
