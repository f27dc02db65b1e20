import * as tf from '@wengert/tfjs';

const x = tf.variable(tf.tensor1d([1, 2]));
const optimizer = tf.train.sgd(0.5);
optimizer.minimize(() => x.sub(3).square().sum());
console.log(JSON.stringify([tf.getBackend(), x.arraySync()]));
