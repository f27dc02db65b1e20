import * as tf from '@wengert/tfjs';

/** Numbers by name, each from one of tfjs's ways to a derivative. */
export function derivatives(): Record<string, number | number[]> {
  const cube = (x: tf.Tensor): tf.Tensor => x.pow(tf.scalar(3, 'int32'));
  const first = tf.grad(cube);
  const second = tf.grad((x: tf.Tensor) => first(x));
  const [da, db] = tf.grads((a: tf.Tensor, b: tf.Tensor) => a.mul(b))([tf.scalar(2), tf.scalar(5)]);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor1D) => x.square().sum() as tf.Scalar)(tf.tensor1d([1, 2]));
  const both = tf.valueAndGrads((a, b) => a.add(b.square()))([tf.scalar(1), tf.scalar(3)]);
  const clipped = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: (x as tf.Tensor).square(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [dy.mul(saved[0].clipByValue(-1, 1))],
    };
  });
  const v: tf.Variable = tf.variable(tf.tensor1d([1, 2, 3]), true, 'derivatives/v');
  const { grads }: { grads: tf.NamedTensorMap } = tf.variableGrads(() => v.mul(v).sum());
  const found = {
    first: first(tf.scalar(2)).dataSync()[0],
    second: second(tf.scalar(2)).dataSync()[0],
    product: [da.dataSync()[0], db.dataSync()[0]],
    value: value.arraySync(),
    slope: grad.arraySync(),
    both: both.grads.map((g) => g.dataSync()[0]),
    clipped: tf
      .grad((x) => clipped(x))(tf.scalar(5))
      .dataSync()[0],
    variable: Array.from(grads['derivatives/v'].dataSync()),
  };
  v.dispose();
  return found;
}
