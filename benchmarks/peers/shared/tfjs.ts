// By path, so that it is bundled in: Node cannot load these files, and the registry that they fill is the program's.
import '../node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Contestant, Emit, Trial } from '../../src/contestant.ts';
import type { Classifier, Operand, Problems } from '../../src/problems.ts';

type Values = ArrayLike<number>;
type Operands<P> = { readonly [K in keyof P as P[K] extends Operand ? K : never]: tf.Tensor };

const tensorOf = ({ data, shape }: Operand): tf.Tensor => tf.tensor(data, [...shape], 'float32');

function crossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
}

interface Batch {
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor;
}

const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b);

function mlpLoss({ images, labels }: Batch, [w1, b1, w2, b2, w3, b3]: readonly tf.Tensor[]): tf.Scalar {
  return crossEntropy(labels, layer(tf.relu(layer(tf.relu(layer(images, w1, b1)), w2, b2)), w3, b3));
}

function convLoss({ images, labels }: Batch, [f1, b1, f2, b2, w, b]: readonly tf.Tensor[]): tf.Scalar {
  const block = (x: tf.Tensor, f: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    tf.maxPool(
      tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'), bias)) as tf.Tensor4D,
      2,
      2,
      'valid',
    );
  const features = block(block(images, f1, b1), f2, b2);
  return crossEntropy(labels, layer(tf.reshape(features, [labels.shape[0], -1]), w, b));
}

/** The tasks as programs of tfjs, whose results are read by `read`. */
export function tfjs(read: (x: tf.Tensor) => Values): Contestant['tasks'] {
  function give(emit: Emit, tensors: readonly tf.Tensor[]): void {
    for (const tensor of tensors) emit(read(tensor));
    tf.dispose(tensors as tf.Tensor[]);
  }

  function eager<P extends object>(f: (operands: Operands<P>, problem: P) => tf.Tensor): (problem: P) => Trial {
    return (problem) => {
      const operands: Record<string, tf.Tensor> = {};
      for (const [name, value] of Object.entries(problem)) {
        if (typeof value === 'object' && 'data' in value) operands[name] = tensorOf(value);
      }
      const known = operands as Operands<P>;
      return {
        run(emit) {
          // Not returned from tidy, which walks over the elements of whatever it returns.
          tf.engine().startScope();
          emit(read(f(known, problem)));
          tf.engine().endScope();
        },
      };
    };
  }

  const training =
    (loss: typeof mlpLoss) =>
    (problem: Classifier): Trial => {
      const batch = { images: tensorOf(problem.images), labels: tensorOf(problem.labels) };
      const weights = problem.weights.map((operand) => tf.variable(tensorOf(operand)));
      const optimizer = tf.train.sgd(problem.rate);
      return {
        run(emit) {
          const cost = optimizer.minimize(() => loss(batch, weights), true);
          if (cost !== null) give(emit, [cost]);
        },
        state: (emit) => {
          for (const weight of weights) emit(read(weight));
        },
      };
    };

  function forgetful(problem: Classifier): Trial {
    const batch = { images: tensorOf(problem.images), labels: tensorOf(problem.labels) };
    const weights = problem.weights.map((operand) => tf.variable(tensorOf(operand)));
    return {
      run(emit) {
        const { value, grads } = tf.variableGrads(() => mlpLoss(batch, weights));
        for (const weight of weights) weight.assign(tf.sub(weight, tf.mul(grads[weight.name], problem.rate)));
        emit(read(value));
      },
      state: (emit) => {
        for (const weight of weights) emit(read(weight));
      },
    };
  }

  return {
    matMul: eager<Problems['matMul']>(({ a, b }, p) => tf.matMul(a, b, p.transposeA, p.transposeB)),
    add: eager(({ a, b }) => tf.add(a, b)),
    broadcastAdd: eager(({ a, b }) => tf.add(a, b)),
    exp: eager(({ x }) => tf.exp(x)),
    tanh: eager(({ x }) => tf.tanh(x)),
    chain: eager(({ a, b, c }) => tf.mul(tf.tanh(tf.add(tf.mul(a, b), c)), 0.5)),
    sum: eager(({ x }) => tf.sum(x)),
    sumAxis0: eager(({ x }) => tf.sum(x, 0)),
    sumAxis1: eager(({ x }) => tf.sum(x, 1)),
    maxAxis1: eager(({ x }) => tf.max(x, 1)),
    softmax: eager(({ x }) => tf.softmax(x)),
    transpose: eager(({ x }) => tf.transpose(x)),
    conv2d: eager(({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same')),
    maxPool: eager(({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')),
    mlpStep: training(mlpLoss),
    mlpStepForgetful: forgetful,
    convStep: training(convLoss),
    hvp(problem) {
      const batch = { images: tensorOf(problem.images), labels: tensorOf(problem.labels) };
      const weights = problem.weights.map(tensorOf);
      const vectors = problem.vectors.map(tensorOf);
      const slope = tf.grads((...w: tf.Tensor[]) => mlpLoss(batch, w));
      const along = tf.grads((...w: tf.Tensor[]) =>
        tf.addN(slope(w).map((gradient, i) => tf.sum(tf.mul(gradient, vectors[i])))),
      );
      return { run: (emit) => give(emit, along(weights)) };
    },
    scalarChain({ f, x, scale, shift, shrink, times }) {
      const outer = f === 'sin' ? tf.sin : tf.tanh;
      const differentiate = tf.valueAndGrad((start) => {
        let y = start;
        for (let i = 0; i < times; i++) y = tf.mul(outer(tf.add(tf.mul(y, scale), shift)), shrink);
        return y;
      });
      const start = tf.scalar(x);
      return {
        run(emit) {
          const { value, grad } = differentiate(start);
          give(emit, [value, grad]);
        },
      };
    },
    tinyOps: eager<Problems['tinyOps']>(({ x, a, b }, { times }) => {
      let y = x;
      for (let i = 0; i < times; i++) y = tf.add(tf.mul(y, a), b);
      return y;
    }),
  };
}
