// Ranks in types, as in tfjs: what a tfjs user may write compiles, and a rank that types know not to fit does not.

import * as tf from '@wengert/core';

declare const x: tf.Tensor;
declare const row: tf.Tensor1D;
declare const matrix: tf.Tensor2D;
declare const image: tf.Tensor3D;
declare const images: tf.Tensor4D;

/** Compiles where both types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_holds: Same<A, B>): void => undefined;

// Makers have the rank of their name, of an annotation, or of a type argument.
export const vector: tf.Tensor1D = tf.tensor1d([1, 2]);
export const table: tf.Tensor2D = tf.tensor2d([1, 2, 3, 4], [2, 2]);
export const one: tf.Scalar = tf.scalar(1);
export const zero: tf.Tensor<tf.Rank.R4> = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
export const told: tf.Tensor2D = tf.randomNormal([2, 3]);
export const flat: tf.Tensor1D = tf.tensor([1, 2]);
export const counted: tf.Tensor1D = tf.range(0, 4);
export const identity: tf.Tensor2D = tf.eye(2);
// @ts-expect-error: a vector is no matrix
export const wrongMaker: tf.Tensor2D = tf.tensor1d([1]);
// @ts-expect-error: a shape of rank 2 has two lengths
tf.zeros<tf.Rank.R2>([1]);
// @ts-expect-error: and so it has where the rank is expected
export const wrongShape: tf.Tensor2D = tf.zeros([1, 2, 3]);
// @ts-expect-error: strings are no values
tf.tensor2d([['a']]);

// A tensor of known rank is a tensor, but not the other way round.
export const any: tf.Tensor = matrix;
export const asserted: tf.Tensor2D = x as tf.Tensor2D;
// @ts-expect-error: of this tensor the rank is not known
export const unknown: tf.Tensor2D = x;
// @ts-expect-error: another rank
export const another: tf.Tensor3D = matrix;

// What elementwise functions make has the rank of their argument; functions and methods agree.
same<tf.Tensor2D, ReturnType<typeof tf.relu<tf.Tensor2D>>>(true);
const activated = tf.relu(matrix);
const activatedToo = matrix.relu().softmax().clipByValue(0, 1).cast('int32').toFloat();
export const both: tf.Tensor2D[] = [activated, activatedToo];
// @ts-expect-error: sin does not change the rank
export const wrongSin: tf.Tensor1D = tf.sin(matrix);
// @ts-expect-error: nor does the method
export const wrongMethod: tf.Tensor1D = matrix.square();
export const convolved: tf.Tensor4D = tf.maxPool(tf.conv2d(images, images, 1, 'same'), 2, 2, 'valid');
export const joined: tf.Tensor2D = tf.concat([matrix, matrix], 1);
export const joinedToo: tf.Tensor2D = tf.concat2d([matrix, [[1, 2]]], 1);
export const most: { values: tf.Tensor2D; indices: tf.Tensor2D } = tf.topk(matrix, 1);
export const chosen: tf.Tensor2D = tf.where(matrix.greater(0), matrix, 0);
export const resized: tf.Tensor3D = tf.image.resizeBilinear(image, [4, 4]);

// Where functions may change the rank, the caller says or expects it.
export const sum: tf.Scalar = matrix.sum();
export const sums: tf.Tensor1D = tf.sum(matrix, 0);
export const mean: tf.Scalar = tf.mean<tf.Scalar>(matrix);
export const product: tf.Tensor2D = matrix.matMul(matrix).add(row);
export const parts: tf.Tensor2D[] = tf.split(matrix, 2);
export const reshaped: tf.Tensor3D = matrix.reshape([1, 2, 2]);
export const reshapedToo: tf.Tensor3D = matrix.reshape<tf.Tensor3D>([1, 2, 2]);
export const reshapedByRank: tf.Tensor3D = tf.reshape<tf.Rank.R3>(matrix, [1, 2, 2]);
export const loss: tf.Scalar = tf.losses.meanSquaredError(matrix, matrix);
export const shaped: [tf.Scalar, tf.Tensor1D, tf.Tensor2D] = [x.asScalar(), x.as1D(), x.as2D(1, 2)];
same<tf.Tensor, ReturnType<typeof x.add>>(true);

// Shapes and values have the types of the rank.
export const [height, width, channels]: [number, number, number] = image.shape;
export const lengths: number[] = x.shape;
export const third: number = x.shape[2];
export const rows: number[][] = matrix.arraySync();
export const number: number = tf.scalar(1).arraySync();
export const later: Promise<number[]> = row.array();
export const nested: number | number[] | number[][] = x.arraySync() as number[];
// @ts-expect-error: the values of a matrix are rows
export const wrongRows: number[] = matrix.arraySync();
// @ts-expect-error: a tensor keeps its shape
matrix.shape = [1, 2];
export const floats: Float32Array = matrix.dataSync<'float32'>();

// Variables and buffers have ranks too.
export const weights: tf.Variable<tf.Rank.R2> = tf.variable(matrix);
export const bias: tf.Variable<tf.Rank.R1> = row.variable(true, 'bias');
export const asTensor: tf.Tensor2D = weights;
// @ts-expect-error: the variable is a matrix
export const wrongVariable: tf.Variable<tf.Rank.R1> = tf.variable(matrix);
const held = tf.buffer<tf.Rank.R2, 'int32'>([2, 2], 'int32');
export const bits: Int32Array = held.values;
export const fromBuffer: tf.Tensor2D = held.toTensor();
export const intoBuffer: tf.TensorBuffer<tf.Rank.R2> = matrix.bufferSync();
export const square: tf.ShapeMap['R2'] = [2, 2];

// Structures that tfjs programs name.
export const named: tf.NamedTensorMap = { loss, matrix };
export const like: tf.TensorLike2D = [[1, 2]];
export const kept: tf.Tensor2D = tf.tidy(() => matrix.add(1) as tf.Tensor2D);
