import { registerBackend } from '@wengert/core';
import { createCpuBackend } from './backend.ts';

export { type CpuOptions, createCpuBackend } from './backend.ts';

registerBackend('cpu', () => createCpuBackend(), 2);
