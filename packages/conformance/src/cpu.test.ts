import { createCpuBackend } from '@wengert/backend-cpu';
import { describeBackend } from './vitest.ts';

describeBackend('cpu', createCpuBackend);
