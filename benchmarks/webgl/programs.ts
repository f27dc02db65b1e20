import type { Library } from './library.ts';

/** A row of the table. */
export interface Program {
  readonly name: string;
  /** Shapes of the inputs, and the range of their values. */
  readonly inputs: readonly Input[];
  /** How many ops one run counts as; its time is divided by them. */
  readonly ops?: number;
  /** The greatest ratio of the medians that is aimed at. */
  readonly goal: number;
  /** The largest difference from float64 that is accepted, relative to the largest element. */
  readonly tolerance: number;
  /** Runs before the first check: training is checked after some steps. */
  readonly steps?: number;
  /** What is timed, made once per library. */
  prepare<T>(library: Library<T>, inputs: readonly T[]): () => T;
}

export interface Input {
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Rows with a single 1 instead, at random. */
  readonly oneHot?: boolean;
}

const uniform = (shape: readonly number[], from = -1, to = 1): Input => ({ shape, from, to });

const labels = (rows: number, classes: number): Input => ({ shape: [rows, classes], from: 0, to: 1, oneHot: true });

/** Weights of a layer, as large as keeps the variance of what passes through. */
function weights(...shape: number[]): Input {
  const bound = Math.sqrt(3 / shape.slice(0, -1).reduce((product, n) => product * n, 1));
  return uniform(shape, -bound, bound);
}

const square = (n: number): Input[] => [uniform([n, n]), uniform([n, n])];
const million = [1024, 1024];

const matMuls: Program[] = [128, 256, 512, 1024].map((n) => ({
  name: `matMul ${n}`,
  inputs: square(n),
  goal: 1.05,
  tolerance: 1e-5,
  prepare:
    (w, [a, b]) =>
    () =>
      w.matMul(a, b),
}));

/** An MLP's step: 784-256-128-10, batch 64. */
const mlp: Program = {
  name: 'MLP step',
  inputs: [
    uniform([64, 784], 0, 1),
    labels(64, 10),
    weights(784, 256),
    uniform([256], -0.1, 0.1),
    weights(256, 128),
    uniform([128], -0.1, 0.1),
    weights(128, 10),
    uniform([10], -0.1, 0.1),
  ],
  goal: 0.67,
  tolerance: 1e-4,
  steps: 4,
  prepare(w, [x, y, ...parameters]) {
    return w.descent(parameters, ([w1, b1, w2, b2, w3, b3]) => {
      const first = w.relu(w.add(w.matMul(x, w1), b1));
      const second = w.relu(w.add(w.matMul(first, w2), b2));
      return w.softmaxCrossEntropy(y, w.add(w.matMul(second, w3), b3));
    });
  },
};

/** A small conv net's step on images of digits. */
function convNet(batch: number): Program {
  return {
    name: `conv net step, batch ${batch}`,
    inputs: [
      uniform([batch, 28, 28, 1], 0, 1),
      labels(batch, 10),
      weights(3, 3, 1, 8),
      uniform([8], -0.1, 0.1),
      weights(3, 3, 8, 16),
      uniform([16], -0.1, 0.1),
      weights(784, 10),
      uniform([10], -0.1, 0.1),
    ],
    goal: 0.67,
    tolerance: 1e-4,
    steps: 4,
    prepare(w, [x, y, ...parameters]) {
      return w.descent(parameters, ([f1, b1, f2, b2, w3, b3]) => {
        const first = w.maxPool(w.relu(w.add(w.conv2d(x, f1, 1, 'same'), b1)), 2, 2, 'valid');
        const second = w.maxPool(w.relu(w.add(w.conv2d(first, f2, 1, 'same'), b2)), 2, 2, 'valid');
        const flat = w.reshape(second, [batch, 784]);
        return w.softmaxCrossEntropy(y, w.add(w.matMul(flat, w3), b3));
      });
    },
  };
}

/** All rows. A `tidy` frees what a chain leaves behind, in both libraries. */
export const programs: readonly Program[] = [
  {
    name: 'add',
    inputs: [uniform(million), uniform(million)],
    goal: 1.05,
    tolerance: 1e-6,
    prepare:
      (w, [a, b]) =>
      () =>
        w.add(a, b),
  },
  {
    name: 'exp',
    inputs: [uniform(million, -4, 4)],
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [x]) =>
      () =>
        w.exp(x),
  },
  {
    name: 'chain of ten',
    inputs: [uniform(million), uniform(million)],
    goal: 0.67,
    tolerance: 1e-5,
    prepare:
      (w, [a, b]) =>
      () =>
        w.tidy(() => {
          const x = w.sigmoid(w.add(w.mul(w.tanh(w.add(w.mul(a, b), a)), b), a));
          return w.mul(w.square(w.sub(w.exp(x), b)), a);
        }),
  },
  {
    name: 'broadcast add',
    inputs: [uniform(million), uniform([1024])],
    goal: 1.05,
    tolerance: 1e-6,
    prepare:
      (w, [a, b]) =>
      () =>
        w.add(a, b),
  },
  {
    name: 'sum',
    inputs: [uniform(million, 0, 1)],
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [x]) =>
      () =>
        w.sum(x),
  },
  {
    name: 'softmax',
    inputs: [uniform(million, -4, 4)],
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [x]) =>
      () =>
        w.softmax(x),
  },
  ...matMuls,
  {
    name: 'conv2d',
    inputs: [uniform([8, 28, 28, 16]), uniform([3, 3, 16, 32])],
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [x, filter]) =>
      () =>
        w.conv2d(x, filter, 1, 'same'),
  },
  {
    name: 'maxPool',
    inputs: [uniform([8, 28, 28, 16])],
    goal: 1.05,
    tolerance: 0,
    prepare:
      (w, [x]) =>
      () =>
        w.maxPool(x, 2, 2, 'valid'),
  },
  mlp,
  convNet(8),
  convNet(32),
  {
    name: 'tiny adds, each',
    inputs: [uniform([4, 4]), uniform([4, 4])],
    ops: 65,
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [a, b]) =>
      () =>
        w.tidy(() => {
          // What a product made is on the GPU in both libraries.
          let x = w.matMul(a, b);
          for (let i = 0; i < 64; i++) x = w.add(x, b);
          return x;
        }),
  },
  {
    name: 'tiny adds of host values, each',
    inputs: [uniform([16]), uniform([16])],
    ops: 64,
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [a, b]) =>
      () =>
        w.tidy(() => {
          let x = a;
          for (let i = 0; i < 64; i++) x = w.add(x, b);
          return x;
        }),
  },
  {
    name: 'tiny products, each',
    inputs: [uniform([4, 4]), uniform([4, 4], -0.4, 0.4)],
    ops: 64,
    goal: 1.05,
    tolerance: 1e-5,
    prepare:
      (w, [a, b]) =>
      () =>
        w.tidy(() => {
          let x = a;
          for (let i = 0; i < 64; i++) x = w.matMul(x, b);
          return x;
        }),
  },
];
