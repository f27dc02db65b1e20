import { createReferenceBackend } from '@wengert/backend-reference';
import { generatedRuns } from '../../../scripts/generatedRuns.ts';
import { describeBackend } from './vitest.ts';

describeBackend('reference', createReferenceBackend, { generated: generatedRuns() });
