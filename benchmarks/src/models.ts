import * as core from '@wengert/core';
import { conv2d, matMul, maxPool, type Tensor } from '@wengert/core';
import type { Classifier, Operand, Problems } from './problems.ts';

/** A tensor of the selected backend's own float. */
export function tensorOf({ data, shape }: Operand): Tensor {
  return core.tensor(data, shape, core.currentBackend().name === 'reference' ? 'float64' : 'float32');
}

/** Images and labels as tensors. */
export interface Batch {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Puts the data of `problem` on the selected backend. */
export function batchOf({ images, labels }: Classifier): Batch {
  return { images: tensorOf(images), labels: tensorOf(labels) };
}

function crossEntropy(labels: Tensor, logits: Tensor): Tensor {
  return core.softmaxCrossEntropyWithLogits(labels, logits).mean();
}

/** The loss of a perceptron with two hidden layers. */
export function mlpLoss({ images, labels }: Batch, [w1, b1, w2, b2, w3, b3]: readonly Tensor[]): Tensor {
  const hidden = matMul(matMul(images, w1).add(b1).relu(), w2).add(b2).relu();
  return crossEntropy(labels, matMul(hidden, w3).add(b3));
}

/** The loss of a network with two convolutions. */
export function convLoss({ images, labels }: Batch, [f1, b1, f2, b2, w, b]: readonly Tensor[]): Tensor {
  const first = maxPool(conv2d(images, f1, 1, 'same').add(b1).relu(), 2, 2, 'valid');
  const second = maxPool(conv2d(first, f2, 1, 'same').add(b2).relu(), 2, 2, 'valid');
  return crossEntropy(labels, matMul(second.reshape([labels.shape[0], -1]), w).add(b));
}

/** The end of a scalar chain that begins at `x`. */
export function chainEnd(x: Tensor, { f, scale, shift, shrink, times }: Problems['scalarChain']): Tensor {
  let y = x;
  for (let i = 0; i < times; i++) {
    const inner = y.mul(scale).add(shift);
    y = (f === 'sin' ? inner.sin() : inner.tanh()).mul(shrink);
  }
  return y;
}
