import * as np from 'numpy-ts';
import type { Contestant, Emit, Trial } from '../../src/contestant.ts';
import type { Operand, Problems } from '../../src/problems.ts';

type Operands<P> = { readonly [K in keyof P as P[K] extends Operand ? K : never]: np.NDArray };

const arrayOf = ({ data, shape }: Operand): np.NDArray => np.array(data, 'float32').reshape(...shape) as np.NDArray;

function give(emit: Emit, value: unknown): void {
  if (typeof value === 'number') {
    emit([value]);
    return;
  }
  const array = value as np.NDArray;
  emit(array.data as Float32Array);
  array.dispose();
}

function eager<P extends object>(f: (operands: Operands<P>, problem: P) => unknown): (problem: P) => Trial {
  return (problem) => {
    const operands: Record<string, np.NDArray> = {};
    for (const [name, value] of Object.entries(problem)) {
      if (typeof value === 'object' && 'data' in value) operands[name] = arrayOf(value);
    }
    const known = operands as Operands<P>;
    return { run: (emit) => give(emit, f(known, problem)) };
  };
}

/** Applies ops one after the other, each of which frees what the one before has made. */
function through(x: np.NDArray, ...ops: readonly ((x: np.NDArray) => unknown)[]): np.NDArray {
  return ops.reduce<np.NDArray>((given, op, i) => {
    const made = op(given) as np.NDArray;
    if (i > 0) given.dispose();
    return made;
  }, x);
}

/** NumPy's API on WebAssembly; it has no gradients. */
export const contestant: Contestant = {
  title: 'numpy-ts',
  role: 'peer',
  packages: ['numpy-ts'],
  tasks: {
    matMul: eager<Problems['matMul']>(({ a, b }, p) =>
      np.matmul(p.transposeA ? np.transpose(a) : a, p.transposeB ? np.transpose(b) : b),
    ),
    add: eager(({ a, b }) => np.add(a, b)),
    broadcastAdd: eager(({ a, b }) => np.add(a, b)),
    exp: eager(({ x }) => np.exp(x)),
    tanh: eager(({ x }) => np.tanh(x)),
    chain: eager(({ a, b, c }) =>
      through(
        a,
        (y) => np.multiply(y, b),
        (y) => np.add(y, c),
        (y) => np.tanh(y),
        (y) => np.multiply(y, 0.5),
      ),
    ),
    sum: eager(({ x }) => np.sum(x)),
    sumAxis0: eager(({ x }) => np.sum(x, 0)),
    sumAxis1: eager(({ x }) => np.sum(x, 1)),
    maxAxis1: eager(({ x }) => np.max(x, 1)),
    softmax: eager(({ x }) => {
      const largest = np.max(x, 1, true) as np.NDArray;
      const powers = through(
        x,
        (y) => np.subtract(y, largest),
        (y) => np.exp(y),
      );
      const totals = np.sum(powers, 1, true) as np.NDArray;
      const out = np.divide(powers, totals);
      for (const array of [largest, powers, totals]) array.dispose();
      return out;
    }),
    transpose: eager(({ x }) => np.ascontiguousarray(np.transpose(x))),
    tinyOps: eager<Problems['tinyOps']>(({ x, a, b }, { times }) => {
      let y = x;
      for (let i = 0; i < times; i++) {
        const next = through(
          y,
          (z) => np.multiply(z, a),
          (z) => np.add(z, b),
        );
        if (i > 0) y.dispose();
        y = next;
      }
      return y;
    }),
  },
};
