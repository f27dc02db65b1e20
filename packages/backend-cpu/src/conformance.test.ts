import { describeBackend } from '@wengert/conformance/vitest';
import { generatedRuns } from '../../../scripts/generatedRuns.ts';
import { cpuBackend } from './backend.ts';

// As if it paid to defer every op, so that the suite's small programs are fused too.
describeBackend('cpu, all deferred', () => cpuBackend(true, 1), { generated: generatedRuns() });
