import * as tf from '@wengert/tfjs';

function normalize<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(x, 0, true);
    return x.sub(mean).div(variance.sqrt()) as tf.Tensor<R>;
  });
}

function nearest(points: tf.Tensor2D, centres: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const differences = points.expandDims<tf.Tensor3D>(1).sub(centres.expandDims(0));
    return tf.argMin(differences.square().sum(-1), 1);
  });
}

/** k-means of two clusters; the centres, row by row. */
export function cluster(points: number[][], steps: number): number[][] {
  const data = tf.tensor2d(points);
  let centres: tf.Tensor2D = tf.slice(data, [0, 0], [2, -1]);
  for (let i = 0; i < steps; i++) {
    const next: tf.Tensor2D = tf.tidy(() => {
      const labels = nearest(data, centres);
      const sums: tf.Tensor2D = tf.unsortedSegmentSum(data, labels, 2);
      const counts = tf.unsortedSegmentSum(tf.ones<tf.Rank.R2>([points.length, 1]), labels, 2);
      return sums.div(counts);
    });
    centres.dispose();
    centres = next;
  }
  const found: number[][] = centres.arraySync();
  tf.dispose([data, centres]);
  return found;
}

/** What a program does with the values of tensors: buffers, nested arrays, pieces and places. */
export async function summary(): Promise<{ [name: string]: number | number[] | number[][] | string }> {
  const x: tf.Tensor2D = tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2]);
  const buffer: tf.TensorBuffer<tf.Rank.R2> = await x.buffer();
  buffer.set(9, 2, 1);
  const [left, right] = tf.split<tf.Tensor2D>(x, 2, 1);
  const { values, indices } = tf.topk(x, 1);
  const [first] = x.unstack();
  const row = first as tf.Tensor1D;
  const mask: tf.Tensor2D = x.greater(tf.scalar(2));
  const kept: tf.Tensor2D = tf.where(mask, x, tf.zerosLike(x));
  const places = await tf.whereAsync(mask);
  const loose: tf.TensorLike = [1, 2];
  const shape: number[] = x.shape;
  const total: number = x.sum<tf.Scalar>().arraySync();
  return {
    total,
    rank: x.rank,
    rows: x.shape[0],
    size: shape.reduce((p, q) => p * q),
    normalized: normalize(x).round().arraySync(),
    changed: buffer.toTensor().arraySync(),
    difference: await right.sub<tf.Tensor2D>(left).array(),
    top: values.squeeze<tf.Tensor1D>().arraySync(),
    at: Array.from(indices.dataSync()),
    row: row.concat(tf.tensor(loose)).arraySync() as number[],
    mask: mask.arraySync(),
    kept: kept.as1D().arraySync(),
    places: places.shape[0],
    dtype: mask.dtype,
    max: Math.max(...(await x.data())),
  };
}
