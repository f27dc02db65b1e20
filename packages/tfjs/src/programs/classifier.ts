import * as tf from '@wengert/tfjs';

type Activation = (x: tf.Tensor2D) => tf.Tensor2D;

class Dense {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
  private readonly activation: Activation;

  constructor(inputs: number, units: number, activation: Activation, name: string) {
    const limit = Math.sqrt(6 / (inputs + units));
    const kernel = tf.randomUniform<tf.Rank.R2>([inputs, units], -limit, limit, 'float32', 42);
    const bias = tf.zeros<tf.Rank.R1>([units]);
    this.kernel = tf.variable(kernel, true, `${name}/kernel`);
    this.bias = tf.variable(bias, true, `${name}/bias`);
    tf.dispose([kernel, bias]);
    this.activation = activation;
  }

  apply(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.activation(tf.matMul(x, this.kernel).add(this.bias)));
  }

  dispose(): void {
    tf.dispose([this.kernel, this.bias]);
  }
}

function accuracy(labels: tf.Tensor2D, logits: tf.Tensor2D): number {
  return tf.tidy(() => {
    const hits = tf.equal(labels.argMax(-1), logits.argMax(-1));
    return hits.cast('float32').mean().dataSync()[0];
  });
}

/** Trains a small network to tell inside from outside of a ring; its accuracy and the tensors that it leaves. */
export function classifyRing(): { accuracy: number; leaked: number } {
  const before: number = tf.memory().numTensors;
  const points = tf.tensor2d(
    Array.from({ length: 64 }, (_, i) => [Math.cos(i) * (i % 2 ? 1 : 0.3), Math.sin(i) * (i % 2 ? 1 : 0.3)]),
  );
  const classes: tf.Tensor1D = tf.tensor1d(
    Array.from({ length: 64 }, (_, i) => i % 2),
    'int32',
  );
  const labels = tf.tidy(() => tf.oneHot(classes, 2).toFloat() as tf.Tensor2D);
  const layers = [new Dense(2, 16, (x) => tf.tanh(x), 'hidden'), new Dense(16, 2, (x) => x, 'output')];
  const forward = (x: tf.Tensor2D): tf.Tensor2D => tf.tidy(() => layers.reduce((h, layer) => layer.apply(h), x));

  const optimizer: tf.AdamOptimizer = tf.train.adam(0.05);
  for (let step = 0; step < 60; step++) {
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(points)).asScalar());
  }
  const logits = forward(points);
  const result = accuracy(labels, logits);
  for (const layer of layers) layer.dispose();
  optimizer.dispose();
  tf.dispose({ points, classes, labels, logits });
  return { accuracy: result, leaked: tf.memory().numTensors - before };
}
