import '@wengert/backend-cpu';
import '@wengert/backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import * as wengert from '@wengert/core';
import { train } from '@wengert/optimizers';
import { sharedContext } from '../../packages/backend-webgl/src/context.ts';
import type { Contestant } from './library.ts';

type Drawing<T> = Contestant<T> & { readonly gl: WebGL2RenderingContext };

const RATE = 0.1;

/** Wengert on one of its backends. */
async function wengertOn(name: string, dtype: 'float32' | 'float64'): Promise<Contestant<wengert.Tensor>> {
  await wengert.setBackend(name);
  const { backend } = wengert.scalar(0);
  return {
    name: 'wengert',
    library: {
      ...wengert,
      square: (x) => wengert.square(x),
      relu: (x) => wengert.relu(x),
      sum: (x) => wengert.sum(x),
      softmaxCrossEntropy: (labels, logits) => wengert.losses.softmaxCrossEntropy(labels, logits),
      descent(parameters, cost) {
        const variables = parameters.map((x) => wengert.variable(x));
        const optimizer = train.sgd(RATE);
        return () => optimizer.minimize(() => cost(variables), true, variables);
      },
      tidy: (f) => wengert.tidy(f),
    },
    make: (values, shape) =>
      wengert.tensor(dtype === 'float64' ? Float64Array.from(values) : values, [...shape], dtype).to(backend),
    read: (x) => x.data(),
    start: () => void backend.flush?.(),
  };
}

/** The backend that is measured. */
export async function wengertWebgl(): Promise<Drawing<wengert.Tensor>> {
  return { ...(await wengertOn('webgl', 'float32')), gl: sharedContext().gl };
}

/** What results are compared with. */
export const float64 = (): Promise<Contestant<wengert.Tensor>> => wengertOn('cpu', 'float64');

export async function tfjsWebgl(): Promise<Drawing<tf.Tensor>> {
  await tf.setBackend('webgl');
  if (tf.getBackend() !== 'webgl') throw new Error(`tfjs chose its backend '${tf.getBackend()}'`);
  const backend = tf.backend() as tf.KernelBackend & { gpgpu: { gl: WebGL2RenderingContext } };
  return {
    name: 'tfjs',
    gl: backend.gpgpu.gl,
    library: {
      ...tf,
      sum: (x) => tf.sum(x),
      softmax: (x) => tf.softmax(x),
      conv2d: (x, filter, strides, pad) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad),
      maxPool: (x, size, strides, pad) => tf.maxPool(x as tf.Tensor4D, size, strides, pad),
      softmaxCrossEntropy: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
      descent(parameters, cost) {
        const variables = parameters.map((x) => tf.variable(x));
        const optimizer = tf.train.sgd(RATE);
        return () => optimizer.minimize(() => cost(variables) as tf.Scalar, true, variables) as tf.Scalar;
      },
      tidy: (f) => tf.tidy(f),
    },
    make: (values, shape) => tf.tensor(values, [...shape], 'float32'),
    read: (x) => x.data(),
    start: () => undefined,
  };
}
