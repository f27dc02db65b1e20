import * as w from '@wengert/core';
import type { Generator } from '@wengert/core/samples';

/** A differentiable function that is made of several ops, and where to differentiate it. */
export interface Program {
  readonly name: string;
  /** The op that it is about: where that is skipped, so is the program. */
  readonly op: string;
  readonly f: (...xs: w.Tensor[]) => w.Tensor;
  readonly inputs: (generator: Generator) => readonly w.Tensor[];
}

/** The loss of a layer of a convolutional network in training: its batch is normalised by its own moments. */
export function convolutionalLoss(images: w.Tensor, filter: w.Tensor, offset: w.Tensor, scale: w.Tensor): w.Tensor {
  const pooled = w.maxPool(w.conv2d(images, filter, 1, 'same'), 2, 2, 'valid');
  const { mean, variance } = w.moments(pooled, [0, 1, 2]);
  const y = w.tanh(w.batchNorm(pooled, mean, variance, offset, scale));
  return w.mean(w.square(w.sub(y, 0.5)));
}

/** Minus twice the logarithm of the normal density at `x`, up to a constant. */
function normalDeviance(covariance: w.Tensor, x: w.Tensor): w.Tensor {
  const factor = w.linalg.cholesky(covariance);
  const white = w.linalg.triangularSolve(factor, x);
  return w.add(w.sum(w.square(white)), w.mul(2, w.sum(w.log(w.diagPart(factor)))));
}

/** Programs of which tfjs has no second derivative, or a wrong one. */
export const PROGRAMS: readonly Program[] = [
  {
    name: 'a loss through conv2d, maxPool and batchNorm',
    op: 'conv2d',
    f: convolutionalLoss,
    inputs: ({ uniform }) => [
      uniform([2, 4, 4, 1]),
      uniform([3, 3, 1, 2]),
      uniform([2], -0.5, 0.5),
      uniform([2], 0.5, 1.5),
    ],
  },
  {
    name: 'gather with repeated indices',
    op: 'gather',
    f: (x) => w.mul(w.gather(x, [2, 0, 2, 2]), w.sin(w.gather(x, [2, 2, 1, 0]))),
    inputs: ({ uniform }) => [uniform([3, 2])],
  },
  {
    name: 'gather along an inner axis',
    op: 'gather',
    f: (x) =>
      w.prod(
        w.gather(
          x,
          [
            [1, 1],
            [3, 0],
          ],
          1,
        ),
        -1,
      ),
    inputs: ({ awayFromZero }) => [awayFromZero([2, 4])],
  },
  {
    name: 'einsum of three',
    op: 'einsum',
    f: (a, b, c) => w.einsum('ij,jk,ik->i', a, w.sin(b), c),
    inputs: ({ uniform }) => [uniform([2, 3]), uniform([3, 2]), uniform([2, 2])],
  },
  {
    name: 'einsum of one tensor with itself',
    op: 'einsum',
    f: (x) => w.einsum('ij,kj,kl->il', x, x, x),
    inputs: ({ uniform }) => [uniform([3, 3])],
  },
  {
    name: 'resizeBilinear, enlarging',
    op: 'resizeBilinear',
    f: (x) => w.square(w.image.resizeBilinear(w.sin(x), [5, 4], true)),
    inputs: ({ uniform }) => [uniform([3, 3, 1])],
  },
  {
    name: 'resizeBilinear, reducing, between the centres of pixels',
    op: 'resizeBilinear',
    f: (x) => w.tanh(w.image.resizeBilinear(w.square(x), [2, 3], false, true)),
    inputs: ({ uniform }) => [uniform([1, 5, 4, 1])],
  },
  {
    name: 'cumprod with zeros',
    op: 'cumprod',
    f: (x) => w.sin(w.cumprod(x)),
    inputs: ({ exactly }) => [exactly([1.5, 0, 0.75, 0, 1.25])],
  },
  {
    name: 'cumprod with zeros, exclusive and in reverse',
    op: 'cumprod',
    f: (x) => w.exp(w.cumprod(x, 1, true, true)),
    inputs: ({ exactly }) => [
      exactly([
        [0, 0.5, 0, 1.5],
        [1.25, 0, 0.5, 0.75],
      ]),
    ],
  },
  {
    name: 'logSumExp at 100 and -100',
    op: 'logSumExp',
    f: (x) => w.logSumExp(x, 1),
    inputs: ({ exactly }) => [
      exactly([
        [100, 99.5, 100.25, -100],
        [-100, -100.5, -99.75, -101],
      ]),
    ],
  },
  { name: 'cholesky', op: 'cholesky', f: (x) => w.sin(w.linalg.cholesky(x)), inputs: ({ spd }) => [spd([3, 3])] },
  {
    name: 'a normal density',
    op: 'cholesky',
    f: normalDeviance,
    inputs: ({ spd, uniform }) => [spd([3, 3]), uniform([3, 1])],
  },
  {
    name: 'eigh',
    op: 'eigh',
    f(x) {
      const [values, vectors] = w.linalg.eigh(x);
      return w.matMul(w.square(vectors), w.reshape(w.log(values), [-1, 1]));
    },
    inputs: ({ spd }) => [spd([3, 3])],
  },
];
