import { describeBackend } from '@wengert/conformance/vitest';
import { generatedRuns } from '../../../scripts/generatedRuns.ts';
import { backendOf } from './backend.ts';
import { everything } from './families.ts';

// As if it paid to defer every op, so that the suite's small programs are fused too.
describeBackend('cpu, all deferred', () => backendOf(everything, true, 1), { generated: generatedRuns() });
