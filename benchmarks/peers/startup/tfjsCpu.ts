import '@tensorflow/tfjs-backend-cpu';
import '../node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';

const b = tf.tensor2d([
  [5, 6],
  [7, 8],
]);
const slope = tf.grad((x) => tf.sum(tf.matMul(x as tf.Tensor2D, b)))(
  tf.tensor2d([
    [1, 2],
    [3, 4],
  ]),
);
if (slope.dataSync()[0] !== 11) throw new Error('the gradient is wrong');
