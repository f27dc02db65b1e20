import { registerBackend } from '@wengert/core/functions';
import { createCpuBackend } from './backend.ts';

export { type CpuBackend, type CpuOptions, createCpuBackend } from './backend.ts';

registerBackend('cpu', () => createCpuBackend(), 2);
