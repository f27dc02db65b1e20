import { createReferenceBackend } from '@wengert/backend-reference';
import type { Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, FLOATS, generator, type Host, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(3);
const agree = agreement(cpu, createReferenceBackend(), 1, 1000);
const BATCHES: Shape[] = [[], [3], [2, 2], [0]];

/** Adds `n` to the diagonals, so that the matrices are well conditioned. */
function dominant(x: Host): Host {
  const n = x.shape[x.shape.length - 1];
  for (let i = 0; i < x.data.length; i++) if ((i % (n * n)) % (n + 1) === 0) x.data[i] += 4 * n;
  return x;
}

for (const dtype of FLOATS) {
  it(`solves and factorizes ${dtype}`, () => {
    for (const batch of BATCHES) {
      for (const n of [0, 1, 2, 5, 17]) {
        const a = dominant(random([...batch, n, n], dtype));
        const symmetric = dominant(random([...batch, n, n], dtype));
        for (const m of [0, 1, 4]) {
          const b = random([...batch, n, m], dtype);
          agree('solve', [a, b], {}, b);
          for (let bits = 0; bits < 8; bits++) {
            const attrs = { lower: (bits & 1) > 0, transpose: (bits & 2) > 0, unitDiagonal: (bits & 4) > 0 };
            const small = { ...a, data: a.data.map((x, i) => (i % (n + 1) === 0 ? x : x / (4 * n))) };
            agree('triangularSolve', [small, b], attrs, b);
          }
        }
        agree('cholesky', [symmetric], {}, symmetric);
        agree('slogdet', [a], {}, { shape: batch, dtype }, { shape: batch, dtype });
        agree('eigh', [random([...batch, n, n], dtype)], {}, { shape: [...batch, n], dtype }, a);
        for (const m of [n, n + 3]) {
          const tall = random([...batch, m, n], dtype);
          agree('qr', [tall], {}, tall, a);
        }
      }
    }
  });
}

it('gives NaN, zeros and infinities where there is no result', () => {
  const square = (...values: number[]): Host => ({ shape: [2, 2], dtype: 'float64', data: Float64Array.from(values) });
  const scalar = { shape: [], dtype: 'float64' as const };
  agree('cholesky', [square(1, 2, 2, 1)], {}, square());
  agree('slogdet', [square(1, 2, 2, 4)], {}, scalar, scalar);
  expect(run(cpu, 'slogdet', [square(1, 2, 2, 4)], {}, [scalar, scalar])[1]).toEqual(Float64Array.of(-Infinity));
  agree('eigh', [square(1, NaN, 0, 1)], {}, { shape: [2], dtype: 'float64' }, square());
  agree('qr', [square(0, 0, 0, 0)], {}, square(), square());
});

it('pivots', () => {
  const a: Host = { shape: [2, 2], dtype: 'float64', data: Float64Array.of(0, 1, 1, 0) };
  const b: Host = { shape: [2, 1], dtype: 'float64', data: Float64Array.of(2, 3) };
  expect(run(cpu, 'solve', [a, b], {}, [b])[0]).toEqual(Float64Array.of(3, 2));
});
