import type { Trial } from './contestant.ts';
import { type Convolution, conv2d, conv2dGradients, maxPool } from './imageLoops.ts';
import { addRows, matMul, softmax, sumRows } from './loops.ts';
import type { Classifier, Problems } from './problems.ts';

const CLASSES = 10;

/** What the forward pass through dense layers keeps: the input of each, and its slope's mask is where that is positive. */
interface Forward {
  readonly inputs: readonly Float32Array[];
  readonly probabilities: Float32Array;
}

const relu = (x: Float32Array): Float32Array => x.map((value) => (value > 0 ? value : 0));
/** Stops the cotangents or tangents `g` where the relu with output `y` is flat. */
const masked = (g: Float32Array, y: Float32Array): Float32Array => g.map((value, i) => (y[i] > 0 ? value : 0));
const plus = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value + b[i]);

/** x · w + b for rows x; w is [x's columns, b's length]. */
function dense(x: Float32Array, w: Float32Array, b: Float32Array): Float32Array {
  return addRows(times(x, w, b.length), b);
}

function times(x: Float32Array, w: Float32Array, n: number): Float32Array {
  const k = w.length / n;
  return matMul(x, w, { m: x.length / k, k, n });
}

/** g · wᵀ, for rows g of length `n`. */
function back(g: Float32Array, w: Float32Array, n: number): Float32Array {
  return matMul(g, w, { m: g.length / n, k: n, n: w.length / n, transposeB: true });
}

/** xᵀ · g, for `batch` rows each. */
function outer(x: Float32Array, g: Float32Array, batch: number): Float32Array {
  return matMul(x, g, { m: x.length / batch, k: batch, n: g.length / batch, transposeA: true });
}

function forward(x: Float32Array, weights: readonly Float32Array[]): Forward {
  const inputs = [x];
  for (let i = 0; i < weights.length - 2; i += 2) inputs.push(relu(dense(inputs[i / 2], weights[i], weights[i + 1])));
  const [w, b] = weights.slice(-2);
  return { inputs, probabilities: softmax(dense(inputs[inputs.length - 1], w, b), CLASSES) };
}

function lossOf(probabilities: Float32Array, labels: Float32Array): number {
  let loss = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] !== 0) loss -= labels[i] * Math.log(probabilities[i]);
  return loss / (labels.length / CLASSES);
}

/** The gradients of dense layers from the cotangent `g` of their last output, and the cotangent of their input. */
function backward({ inputs }: Forward, weights: readonly Float32Array[], g: Float32Array, batch: number) {
  const gradients: Float32Array[] = [];
  let cotangent = g;
  for (let layer = inputs.length - 1; layer >= 0; layer--) {
    const n = weights[2 * layer + 1].length;
    gradients.unshift(outer(inputs[layer], cotangent, batch), sumRows(cotangent, n));
    if (layer > 0) cotangent = masked(back(cotangent, weights[2 * layer], n), inputs[layer]);
  }
  return { gradients, cotangent };
}

const logitsGradient = (p: Float32Array, labels: Float32Array, batch: number): Float32Array =>
  p.map((value, i) => (value - labels[i]) / batch);

function descend(weights: readonly Float32Array[], gradients: readonly Float32Array[], rate: number): void {
  weights.forEach((weight, i) => {
    for (let j = 0; j < weight.length; j++) weight[j] -= rate * gradients[i][j];
  });
}

/** A trial of steps of which each returns the loss and changes the weights. */
function training(problem: Classifier, step: (weights: readonly Float32Array[]) => number): Trial {
  const weights = problem.weights.map(({ data }) => data.slice());
  return {
    run: (emit) => emit([step(weights)]),
    state: (emit) => {
      for (const weight of weights) emit(weight);
    },
  };
}

/** The training step of the perceptron. */
export function mlpTraining(problem: Classifier): Trial {
  const { images, labels, rate } = problem;
  const [batch] = images.shape;
  return training(problem, (weights) => {
    const pass = forward(images.data, weights);
    const g = logitsGradient(pass.probabilities, labels.data, batch);
    descend(weights, backward(pass, weights, g, batch).gradients, rate);
    return lossOf(pass.probabilities, labels.data);
  });
}

/** The training step of the convolutional network. */
export function convTraining(problem: Classifier): Trial {
  const { images, labels, rate } = problem;
  const [batch, height, width] = images.shape;
  return training(problem, (weights) => {
    const layers: { x: Float32Array; c: Convolution; active: Float32Array; from: Int32Array }[] = [];
    let x: Float32Array = images.data;
    for (let i = 0; i < 2; i++) {
      const [, size, inputs, outputs] = problem.weights[2 * i].shape;
      const c = { batch, height: height >> i, width: width >> i, inputs, outputs, size };
      const active = relu(addRows(conv2d(x, weights[2 * i], c), weights[2 * i + 1]));
      const { out, from } = maxPool(active, [batch, c.height, c.width, outputs]);
      layers.push({ x, c, active, from });
      x = out;
    }
    const head = weights.slice(4);
    const pass = forward(x, head);
    const g = logitsGradient(pass.probabilities, labels.data, batch);
    const { gradients } = backward(pass, head, g, batch);
    let cotangent = back(g, head[0], CLASSES);
    for (let i = 1; i >= 0; i--) {
      const { x: input, c, active, from } = layers[i];
      const spread = new Float32Array(active.length);
      from.forEach((at, j) => {
        spread[at] += cotangent[j];
      });
      const inner = masked(spread, active);
      const found = conv2dGradients(input, weights[2 * i], inner, c);
      gradients.unshift(found.filter, sumRows(inner, c.outputs));
      cotangent = found.images;
    }
    descend(weights, gradients, rate);
    return lossOf(pass.probabilities, labels.data);
  });
}

/** The derivative of the gradient along the vectors: forward and backward pass, each with tangents beside it. */
export function curvature({ images, labels, weights: given, vectors: directions }: Problems['hvp']): Trial {
  const [batch] = images.shape;
  const weights = given.map(({ data }) => data);
  const vectors = directions.map(({ data }) => data);
  const widths = weights.filter((_, i) => i % 2 === 1).map(({ length }) => length);
  return {
    run(emit) {
      const pass = forward(images.data, weights);
      const { inputs, probabilities: p } = pass;
      const tangents: (Float32Array | null)[] = [null];
      let tangent: Float32Array = new Float32Array();
      widths.forEach((n, i) => {
        const direct = dense(inputs[i], vectors[2 * i], vectors[2 * i + 1]);
        const before = tangents[i];
        tangent = before === null ? direct : plus(direct, times(before, weights[2 * i], n));
        if (i < widths.length - 1) tangents.push(masked(tangent, inputs[i + 1]));
      });
      let g = logitsGradient(p, labels.data, batch);
      let dg: Float32Array = new Float32Array(g.length);
      for (let row = 0; row < g.length; row += CLASSES) {
        let mean = 0;
        for (let j = row; j < row + CLASSES; j++) mean += p[j] * tangent[j];
        for (let j = row; j < row + CLASSES; j++) dg[j] = (p[j] * (tangent[j] - mean)) / batch;
      }
      const products: Float32Array[] = [];
      for (let i = widths.length - 1; i >= 0; i--) {
        const n = widths[i];
        const own = outer(inputs[i], dg, batch);
        const before = tangents[i];
        products.unshift(before === null ? own : plus(own, outer(before, g, batch)), sumRows(dg, n));
        if (i === 0) break;
        dg = masked(plus(back(dg, weights[2 * i], n), back(g, vectors[2 * i], n)), inputs[i]);
        g = masked(back(g, weights[2 * i], n), inputs[i]);
      }
      for (const product of products) emit(product);
    },
  };
}
