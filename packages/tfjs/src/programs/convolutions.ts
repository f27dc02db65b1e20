import * as tf from '@wengert/tfjs';

interface Weights {
  [name: string]: tf.Variable;
}

function conv(x: tf.Tensor4D, filter: tf.Variable<tf.Rank.R4>, strides: [number, number] | number): tf.Tensor4D {
  return tf.relu(tf.conv2d(x, filter, strides, 'same'));
}

function network(images: tf.Tensor4D, filter: tf.Variable<tf.Rank.R4>, dense: tf.Variable<tf.Rank.R2>): tf.Tensor2D {
  const pooled: tf.Tensor4D = tf.maxPool(conv(images, filter, 1), [2, 2], [2, 2], 'valid');
  const [batch, height, width, channels] = pooled.shape;
  const flat = pooled.reshape<tf.Tensor2D>([batch, height * width * channels]);
  return tf.matMul(flat, dense);
}

/** Learns whether the bright row of an image is the first or the last, and gives the loss at the start and the end. */
export async function findRow(): Promise<number[]> {
  const images = tf.tidy(() => {
    const one: tf.Tensor3D = tf.tensor3d([1, 1, 1, 1, ...new Array<number>(12).fill(0)], [4, 4, 1]);
    const flipped: tf.Tensor3D = tf.reverse(one, 0);
    return tf.stack([one, flipped, one.mul(0.5), flipped.mul(2)]) as tf.Tensor4D;
  });
  const labels = tf.tensor1d([0, 1, 0, 1], 'int32');
  const filter = tf.variable(tf.truncatedNormal<tf.Rank.R4>([3, 3, 1, 4], 0, 0.3, 'float32', 3));
  const dense = tf.variable(tf.randomNormal<tf.Rank.R2>([16, 2], 0, 0.3, 'float32', 5));
  const weights: Weights = { filter, dense };

  const lossOf = (): tf.Scalar =>
    tf.tidy(() => {
      const logits = network(images, filter, dense);
      const oneHot = tf.oneHot(labels, 2);
      return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(oneHot, logits);
    });
  const optimizer = tf.train.momentum(0.3, 0.5);
  const values: number[] = [];
  for (let epoch = 0; epoch < 20; epoch++) {
    const { value, grads } = tf.variableGrads(lossOf);
    optimizer.applyGradients(Object.keys(grads).map((name) => ({ name, tensor: grads[name] })));
    values.push((await value.data<'float32'>())[0]);
    tf.dispose(value);
    tf.dispose(grads);
  }
  const resized = tf.image.resizeBilinear(images, [2, 2]);
  const shape: [number, number, number, number] = resized.shape;
  tf.dispose([resized, images, labels, ...Object.values(weights)]);
  return [values[0], values[values.length - 1], ...shape];
}
