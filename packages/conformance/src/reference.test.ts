import { createReferenceBackend } from '@wengert/backend-reference';
import { describeBackend } from './vitest.ts';

describeBackend('reference', createReferenceBackend);
