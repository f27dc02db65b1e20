import { uniform } from '../src/inputs.ts';
import { matMul } from '../src/loops.ts';
import type { AnyWorkload } from '../src/workload.ts';

const targets = { 64: 0.75, 128: 0.75, 256: 0.8, 512: 0.8, 1024: 0.85 };
const forms = [
  { suffix: '', note: '', transposeA: false, transposeB: false },
  { suffix: '-transposeA', note: ', aᵀ · b', transposeA: true, transposeB: false },
  { suffix: '-transposeB', note: ', a · bᵀ', transposeA: false, transposeB: true },
];

/** W1: products of square matrices, with either operand transposed as well. */
export const matMulWorkloads: readonly AnyWorkload[] = Object.entries(targets).flatMap(([length, target]) =>
  forms.map(({ suffix, note, transposeA, transposeB }): AnyWorkload => {
    const n = Number(length);
    return {
      id: `W1-${n}${suffix}`,
      title: `matmul ${n}${note}`,
      task: 'matMul',
      problem: () => ({ a: uniform([n, n], -1, 1, 1), b: uniform([n, n], -1, 1, 2), transposeA, transposeB }),
      expected: ({ a, b }) => [
        matMul(Float64Array.from(a.data), Float64Array.from(b.data), { m: n, k: n, n, transposeA, transposeB }),
      ],
      tolerance: 1e-5,
      target,
    };
  }),
);
