import '@wengert/backend-cpu';
import { createWebglBackend } from '@wengert/backend-webgl';
import { describeBackend } from './vitest.ts';

describeBackend('webgl', createWebglBackend);
