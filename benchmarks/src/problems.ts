/** A dense float32 array in row-major order. */
export interface Operand {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

interface One {
  readonly x: Operand;
}

interface Two {
  readonly a: Operand;
  readonly b: Operand;
}

/** Training data and weights of a classifier; the loss is the mean softmax cross-entropy. */
export interface Classifier {
  readonly images: Operand;
  /** One-hot rows. */
  readonly labels: Operand;
  readonly weights: readonly Operand[];
  /** The learning rate of the update that ends a step. */
  readonly rate: number;
}

/** What each task is given. The shapes are those of the workloads that ask for it. */
export interface Problems {
  /** a · b, after the transposes. */
  matMul: Two & { readonly transposeA: boolean; readonly transposeB: boolean };
  add: Two;
  broadcastAdd: Two;
  exp: One;
  tanh: One;
  /** tanh(a * b + c) * 0.5. */
  chain: Two & { readonly c: Operand };
  sum: One;
  sumAxis0: One;
  sumAxis1: One;
  maxAxis1: One;
  /** Over the last axis. */
  softmax: One;
  /** Materialised. */
  transpose: One;
  /** NHWC, stride 1, same padding. */
  conv2d: One & { readonly filter: Operand };
  /** NHWC, windows of 2 by 2. */
  maxPool: One;
  /** Two hidden layers with relu; the weights are w1, b1, w2, b2, w3, b3. Loss, gradients, update. */
  mlpStep: Classifier;
  /** The same, by a program that disposes nothing. */
  mlpStepForgetful: Classifier;
  /** Twice convolution, relu, pool, then dense; the weights are f1, b1, f2, b2, w, b. Loss, gradients, update. */
  convStep: Classifier;
  /** The Hessian of the loss of `mlpStep` at the weights, times `vectors`. */
  hvp: Classifier & { readonly vectors: readonly Operand[] };
  /** `times` times x -> f(x * scale + shift) * shrink, on a scalar: the value and its derivative. */
  scalarChain: {
    readonly f: 'sin' | 'tanh';
    readonly x: number;
    readonly scale: number;
    readonly shift: number;
    readonly shrink: number;
    readonly times: number;
  };
  /** `times` times x -> x * a + b, without a gradient. */
  tinyOps: One & Two & { readonly times: number };
}

/** The name of something to compute. */
export type Task = keyof Problems;
