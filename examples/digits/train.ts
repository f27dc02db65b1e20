import {
  argMax,
  equal,
  GradientTape,
  oneHot,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  tensor1d,
  tidy,
} from '@wengert/core';
import type { Optimizer } from '@wengert/optimizers';
import { shifted } from './augment.ts';
import { CLASSES, type Digits, permutation, pick, type Split, sizeOf } from './data.ts';
import { inputs, type Model } from './model.ts';

const MOST_SHIFTED = 1;

/** How well a model does on some digits. */
export interface Score {
  /** Mean cross entropy. */
  readonly loss: number;
  /** Share of the digits that were recognised. */
  readonly accuracy: number;
}

/** What one epoch came to; `train` was measured while the model learned. */
export interface Epoch {
  readonly train: Score;
  readonly test: Score;
}

/** The course of a training. */
export interface History {
  /** The loss of each step. */
  readonly steps: readonly number[];
  readonly epochs: readonly Epoch[];
  /** For each test image, in order, what the trained model takes it for. */
  readonly predictions: Uint8Array;
}

/** How to train. */
export interface Schedule {
  readonly epochs: number;
  readonly batch: number;
}

/** Is told how training goes. */
export interface Listener {
  onStep?(epoch: number, step: number, loss: number): void;
  onEpoch?(epoch: number, result: Epoch): void;
}

/** Changes the model once, by the gradient of its loss on a batch; returns that loss and how many it recognised. */
export function trainStep(model: Model, optimizer: Optimizer, batch: Digits): { loss: Tensor; correct: Tensor } {
  return tidy(() => {
    const labels = tensor1d(Int32Array.from(batch.labels));
    const images = inputs(model, batch);
    using tape = new GradientTape();
    const logits = model.logits(images);
    const loss = softmaxCrossEntropy(oneHot(labels, CLASSES), logits);
    const gradients = tape.gradient(loss, model.variables);
    optimizer.applyGradients(model.variables.map((v, i) => [gradients[i], v] as const));
    return { loss, correct: sum(equal(argMax(logits, 1), labels)) };
  });
}

/**
 * Trains for all epochs, each over all training digits in an order of its own, shifted by a pixel at most so that the
 * model cannot learn them by heart.
 */
export async function trainModel(
  model: Model,
  optimizer: Optimizer,
  { train, test }: Split,
  { epochs, batch }: Schedule,
  listener: Listener = {},
): Promise<History> {
  const steps: number[] = [];
  const done: Epoch[] = [];
  let predictions = new Uint8Array();
  for (let epoch = 0; epoch < epochs; epoch++) {
    const digits = shifted(train, MOST_SHIFTED);
    const order = permutation(sizeOf(digits));
    let [loss, correct] = [0, 0];
    for (let at = 0; at < order.length; at += batch) {
      const places = order.subarray(at, at + batch);
      const step = trainStep(model, optimizer, pick(digits, places));
      const stepLoss = await take(step.loss);
      steps.push(stepLoss);
      loss += stepLoss * places.length;
      correct += await take(step.correct);
      listener.onStep?.(epoch, at / batch, stepLoss);
    }
    const tested = await evaluate(model, test);
    predictions = tested.predictions;
    done.push({ train: { loss: loss / order.length, accuracy: correct / order.length }, test: tested.score });
    listener.onEpoch?.(epoch, done[epoch]);
  }
  return { steps, epochs: done, predictions };
}

/** What the model takes each digit for, and how well that fits. */
export async function evaluate(
  model: Model,
  digits: Digits,
): Promise<{ score: Score; predictions: Uint8Array<ArrayBuffer> }> {
  const result = tidy(() => {
    const logits = model.logits(inputs(model, digits));
    const labels = oneHot(Int32Array.from(digits.labels), CLASSES);
    return { loss: softmaxCrossEntropy(labels, logits), classes: argMax(logits, 1) };
  });
  const loss = await take(result.loss);
  const predictions = Uint8Array.from(await result.classes.data());
  result.classes.dispose();
  const correct = digits.labels.filter((label, i) => label === predictions[i]).length;
  return { score: { loss, accuracy: correct / sizeOf(digits) }, predictions };
}

/** The value of a scalar that is not needed afterwards. */
async function take(x: Tensor): Promise<number> {
  const [value] = await x.data();
  x.dispose();
  return value;
}
