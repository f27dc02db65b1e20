/** A gpu.js kernel: a function with the kernel behind it. */
export interface Run {
  (...args: readonly unknown[]): unknown;
  readonly kernel: object;
}

/** A compiled kernel. */
export interface Program {
  readonly run: Run;
  readonly vertices: WebGLVertexArrayObject | null;
}
