import '@wengert/backend-cpu';
import { walkThrough } from './walkThrough.ts';

walkThrough(console.log);
