import { registerBackend } from '@wengert/core/functions';
import { cpuBackend } from './backend.ts';

export { type CpuBackend, type CpuOptions, createCpuBackend } from './createCpuBackend.ts';

registerBackend('cpu', () => cpuBackend(), 2);
