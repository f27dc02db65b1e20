import * as tf from '@wengert/tfjs';

const units = 2;

/** Runs a sequence through two LSTM cells; the shapes of the states, and how long and what it took. */
export async function runCells(): Promise<{ shapes: number[][]; kernels: number; wall: boolean; backend: string }> {
  await tf.setBackend('cpu');
  await tf.ready();
  const forgetBias = tf.scalar(1);
  const cell = (inputs: number): tf.LSTMCellFunc => {
    const kernel: tf.Tensor2D = tf.fill([inputs + units, 4 * units], 0.1);
    const bias: tf.Tensor1D = tf.zeros([4 * units]);
    return (data: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] =>
      tf.basicLSTMCell(forgetBias, kernel, bias, data, c, h);
  };
  const cells = [cell(3), cell(units)];
  let c: tf.Tensor2D[] = [tf.zeros([1, units]), tf.zeros([1, units])];
  let h: tf.Tensor2D[] = [tf.zeros([1, units]), tf.zeros([1, units])];
  const step = (): void => {
    const data: tf.Tensor2D = tf.oneHot(tf.tensor1d([1], 'int32'), 3).cast('float32') as tf.Tensor2D;
    [c, h] = tf.multiRNNCell(cells, data, c, h);
  };
  const profile = await tf.profile(() => {
    step();
    return h;
  });
  const timing: tf.TimingInfo = await tf.time(() => tf.matMul(h[0], c[1], false, true));
  return {
    shapes: [...c, ...h].map((state) => state.shape),
    kernels: profile.kernels.length,
    wall: timing.wallMs >= 0,
    backend: tf.getBackend(),
  };
}
