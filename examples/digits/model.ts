import {
  add,
  dispose,
  matMul,
  randomNormal,
  relu,
  type Tensor,
  tensor2d,
  type Variable,
  variable,
  zeros,
} from '@wengert/core';
import { CLASSES, type Digits, PIXELS, sizeOf } from './data.ts';

/** The length of the hidden layer. */
export const HIDDEN = 128;

/** A network with one hidden layer. */
export interface Model {
  readonly variables: readonly Variable[];
  /** One row of ten unnormalised log-probabilities for each image. */
  logits(images: Tensor): Tensor;
  [Symbol.dispose](): void;
}

/** A network 784-`hidden`-10 with relu, initialised as He et al. (2015) advise for it. */
export function makeModel(hidden: number = HIDDEN): Model {
  const [weights1, biases1] = layer('hidden', PIXELS, hidden);
  const [weights2, biases2] = layer('output', hidden, CLASSES);
  const variables = [weights1, biases1, weights2, biases2];
  return {
    variables,
    logits: (images) => add(matMul(relu(add(matMul(images, weights1), biases1)), weights2), biases2),
    [Symbol.dispose]: () => dispose(variables),
  };
}

function layer(name: string, inputs: number, outputs: number): [weights: Variable, biases: Variable] {
  using weights = randomNormal([inputs, outputs], 0, Math.sqrt(2 / inputs));
  using biases = zeros([outputs]);
  return [variable(weights, true, `${name}/weights`), variable(biases, true, `${name}/biases`)];
}

/** The images as rows of numbers from 0 to 1 in the model's own float. */
export function inputs(model: Model, digits: Digits): Tensor {
  const scaled = new Float32Array(digits.images.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = digits.images[i] / 255;
  return tensor2d(scaled, [sizeOf(digits), PIXELS], model.variables[0].dtype);
}
