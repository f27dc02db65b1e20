import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Contestant } from '../../src/contestant.ts';
import { tfjs } from '../shared/tfjs.ts';

/** TensorFlow.js on plain loops. */
export const contestant: Contestant = {
  title: 'tfjs cpu',
  role: 'peer',
  packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
  async start() {
    await tf.setBackend('cpu');
  },
  // The backend hands out the array itself.
  tasks: tfjs((x) => x.dataSync()),
};
