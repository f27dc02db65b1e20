import '@wengert/backend-cpu';
import { residentMemory } from './residentMemory.ts';
import { watchMemory } from './watchMemory.ts';

const steps = Number(process.argv[2] ?? 10_000);
console.log('step, tensors, buffers, bytes of the backend, MB of the process');
for (const { step, core, bytes, measured } of watchMemory(steps, Math.ceil(steps / 10), residentMemory)) {
  console.log([step, core.numTensors, core.numDataBuffers, bytes, (measured / 2 ** 20).toFixed(1)].join(', '));
}
