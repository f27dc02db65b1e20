/** The part of the API that the programs use; both libraries have it under the same names. */
export interface Library<T> {
  add(a: T, b: T): T;
  mul(a: T, b: T): T;
  sub(a: T, b: T): T;
  exp(x: T): T;
  tanh(x: T): T;
  sigmoid(x: T): T;
  square(x: T): T;
  relu(x: T): T;
  sum(x: T): T;
  softmax(x: T): T;
  reshape(x: T, shape: number[]): T;
  matMul(a: T, b: T): T;
  conv2d(x: T, filter: T, strides: number, pad: 'same'): T;
  maxPool(x: T, size: number, strides: number, pad: 'valid'): T;
  softmaxCrossEntropy(labels: T, logits: T): T;
  /** A function that takes one step of gradient descent over these parameters, and gives the cost before it. */
  descent(parameters: readonly T[], cost: (parameters: readonly T[]) => T): () => T;
  dispose(x: T): void;
  tidy(f: () => T): T;
}

/** A library with its backend, as the benchmark drives it. */
export interface Contestant<T> {
  readonly name: string;
  readonly library: Library<T>;
  /** What it draws with; absent from the one that the others are compared with. */
  readonly gl?: WebGL2RenderingContext;
  make(values: Float32Array, shape: readonly number[]): T;
  read(x: T): Promise<ArrayLike<number>>;
  /** Starts the work that is still put off, where a library puts work off. */
  start(): void;
}
