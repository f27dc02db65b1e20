import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Contestant } from '../../src/contestant.ts';
import { tfjs } from '../shared/tfjs.ts';

/** A view of the backend's memory; dataSync would copy. */
function view(x: tf.Tensor): ArrayLike<number> {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new Error('the wasm backend is not selected');
  return backend.typedArrayFromHeap(x);
}

/** TensorFlow.js on WebAssembly SIMD, one thread. */
export const contestant: Contestant = {
  title: 'tfjs wasm',
  role: 'peer',
  packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  assets: ['@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'],
  async start() {
    setThreadsCount(1);
    if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend does not start');
  },
  tasks: tfjs(view),
};
