import { registerBackend } from '@wengert/core/functions';
import { backendOf } from './backend.ts';
import { everything } from './families.ts';

export { type CpuBackend, type CpuOptions, createCpuBackend } from './createCpuBackend.ts';

registerBackend('cpu', () => backendOf(everything), 2);
