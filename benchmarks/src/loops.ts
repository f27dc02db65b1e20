/** The arrays that the loops work on: all of float32, or all of float64 where they say what is expected. */
export type Floats = Float32Array | Float64Array;

/** A new array of the same kind. */
export function like<F extends Floats>(x: F, length: number): F {
  return (x instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as F;
}

/** op(a) · op(b) for matrices [m, k] and [k, n], given with their strides. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The product of two matrices, row by row. */
export function matMul<F extends Floats>(a: F, b: F, { m, k, n, transposeA, transposeB }: Product): F {
  const out = like(a, m * n);
  const [rowA, columnA] = transposeA ? [1, m] : [k, 1];
  const [rowB, columnB] = transposeB ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const scale = a[i * rowA + l * columnA];
      for (let j = 0; j < n; j++) out[i * n + j] += scale * b[l * rowB + j * columnB];
    }
  }
  return out;
}

/** a + b for a [rows, b.length]. */
export function addRows<F extends Floats>(a: F, b: F): F {
  const out = like(a, a.length);
  for (let i = 0; i < a.length; i += b.length) {
    for (let j = 0; j < b.length; j++) out[i + j] = a[i + j] + b[j];
  }
  return out;
}

/** tanh(a * b + c) * 0.5. */
export function chain<F extends Floats>(a: F, b: F, c: F): F {
  const out = like(a, a.length);
  for (let i = 0; i < a.length; i++) out[i] = Math.tanh(a[i] * b[i] + c[i]) * 0.5;
  return out;
}

/** The sum of all. */
export function sum<F extends Floats>(x: F): F {
  const out = like(x, 1);
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  out[0] = total;
  return out;
}

/** The sums of the columns of rows of length `n`. */
export function sumRows<F extends Floats>(x: F, n: number): F {
  const out = like(x, n);
  for (let i = 0; i < x.length; i += n) {
    for (let j = 0; j < n; j++) out[j] += x[i + j];
  }
  return out;
}

/** The sum of each row of length `n`. */
export function sumColumns<F extends Floats>(x: F, n: number): F {
  const out = like(x, x.length / n);
  for (let i = 0; i < out.length; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += x[i * n + j];
    out[i] = total;
  }
  return out;
}

/** The largest of each row of length `n`. */
export function maxColumns<F extends Floats>(x: F, n: number): F {
  const out = like(x, x.length / n);
  for (let i = 0; i < out.length; i++) {
    let largest = -Infinity;
    for (let j = 0; j < n; j++) largest = Math.max(largest, x[i * n + j]);
    out[i] = largest;
  }
  return out;
}

/** Softmax of each row of length `n`. */
export function softmax<F extends Floats>(x: F, n: number): F {
  const out = like(x, x.length);
  for (let i = 0; i < x.length; i += n) {
    let largest = -Infinity;
    for (let j = i; j < i + n; j++) largest = Math.max(largest, x[j]);
    let total = 0;
    for (let j = i; j < i + n; j++) {
      out[j] = Math.exp(x[j] - largest);
      total += out[j];
    }
    for (let j = i; j < i + n; j++) out[j] /= total;
  }
  return out;
}

/** The transpose of rows of length `n`. */
export function transpose<F extends Floats>(x: F, n: number): F {
  const out = like(x, x.length);
  const rows = x.length / n;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < rows; i++) out[j * rows + i] = x[i * n + j];
  }
  return out;
}
