import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { castTo } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { matMulOp } from './matMul.ts';
import { oneHot } from './nn/oneHot.ts';

/**
 * How often each of `numClasses` labels was given each prediction: an int32 matrix with a row for each label.
 * @example
 * confusionMatrix([0, 1, 1], [0, 1, 0], 2).print(); // [[1, 0], [1, 1]]
 */
export function confusionMatrix(labels: TensorLike, predictions: TensorLike, numClasses: number): Tensor {
  const op = 'confusionMatrix';
  const backend = backendOf([labels, predictions]);
  const [given, guessed] = [labels, predictions].map((x) => toTensor(op, x, backend));
  if (!Number.isInteger(numClasses) || numClasses <= 0) {
    throw new ArgumentError(`${op}: numClasses ${numClasses} must be a positive integer`);
  }
  if (given.rank !== 1 || guessed.rank !== 1 || given.size !== guessed.size) {
    throw new ShapeError(
      `${op}: labels of shape ${showShape(given.shape)} and predictions of shape ${showShape(guessed.shape)} must be two vectors of one length`,
    );
  }
  const [rows, columns] = [given, guessed].map((x) => oneHot(castTo(x, 'int32'), numClasses));
  return matMulOp([rows, columns], { transposeA: true, transposeB: false });
}

export const confusionMatrixSamples: Samples<typeof confusionMatrix> = ({ indices }) => [
  [indices([8], 3), indices([8], 3), 3],
  [indices([8], 3), indices([8], 3), 2],
  [[0, 1], [1, 1], 2],
  [indices([0], 2), indices([0], 2), 2],
];

export const confusionMatrixSpace: Space<typeof confusionMatrix> = ({ indices, length, int }) => {
  const [count, classes] = [length(), int(1, 4)];
  return [indices([count], classes + 1), indices([count], classes + 1), classes];
};

export const confusionMatrixBadSamples: BadSamples<typeof confusionMatrix> = ({ indices, wrong }) => [
  { args: [indices([3], 2), indices([2], 2), 2], error: 'ShapeError', names: ['confusionMatrix', '[3]', '[2]'] },
  { args: [indices([1, 2], 2), indices([2], 2), 2], error: 'ShapeError', names: ['confusionMatrix', '[1,2]'] },
  { args: [indices([2], 2), indices([2], 2), 0], error: 'ArgumentError', names: ['confusionMatrix', '0'] },
  { args: [wrong(null), indices([2], 2), 2], error: 'ArgumentError', names: ['confusionMatrix', 'null'] },
];
