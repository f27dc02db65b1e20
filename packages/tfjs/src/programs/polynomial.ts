import * as tf from '@wengert/tfjs';

interface Coefficients {
  a: number;
  b: number;
  c: number;
}

const a: tf.Variable<tf.Rank.R0> = tf.variable(tf.scalar(0.1));
const b = tf.variable(tf.scalar(-0.2));
const c = tf.variable(tf.scalar(0.3));

function generateData(numPoints: number, coeff: Coefficients): { xs: tf.Tensor1D; ys: tf.Tensor1D } {
  return tf.tidy(() => {
    const xs: tf.Tensor1D = tf.linspace(-1, 1, numPoints);
    const ys: tf.Tensor1D = tf
      .scalar(coeff.a)
      .mul(xs.pow(tf.scalar(2, 'int32')))
      .add(tf.scalar(coeff.b).mul(xs))
      .add(tf.scalar(coeff.c));
    const min = ys.min();
    const range = ys.max().sub(min);
    return { xs, ys: ys.sub(min).div(range) };
  });
}

function predict(x: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => a.mul(x.square()).add(b.mul(x)).add(c));
}

function loss(predictions: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return predictions.sub(labels).square().mean();
}

/** Fits a parabola by gradient descent and gives the loss before and after. */
export async function fitParabola(): Promise<[before: number, after: number]> {
  const optimizer: tf.Optimizer = tf.train.sgd(0.5);
  const { xs, ys } = generateData(100, { a: 0.8, b: -0.2, c: 0.9 });
  const costs: number[] = [];
  for (let i = 0; i < 75; i++) {
    const cost: tf.Scalar | null = optimizer.minimize(() => loss(predict(xs), ys), true, [a, b, c]);
    if (cost === null) throw new Error('no cost');
    costs.push((await cost.data())[0]);
    cost.dispose();
    await tf.nextFrame();
  }
  tf.dispose([xs, ys, a, b, c]);
  return [costs[0], costs[costs.length - 1]];
}
