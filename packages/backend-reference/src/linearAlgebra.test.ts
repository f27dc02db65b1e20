import { describe, expect, it } from 'vitest';
import { block, noise, runKernel } from './runKernel.ts';

/** The product of an m by k and a k by n matrix, after transposition where asked for. */
function product(
  a: readonly number[],
  b: readonly number[],
  m: number,
  n: number,
  transposeA = false,
  transposeB = false,
) {
  const k = a.length / m;
  const shapeA = transposeA ? [k, m] : [m, k];
  const shapeB = transposeB ? [n, k] : [k, n];
  return runKernel('matMul', [block(shapeA, a), block(shapeB, b)], { transposeA, transposeB }, [[m, n]])[0];
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 11): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], digits);
  });
}

const identity = (n: number): number[] => Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));

/** A symmetric positive definite matrix: M Mᵀ + I. */
const positive = (n: number): number[] => {
  const m = noise(n * n);
  return product(m, m, n, n, false, true).map((value, at) => value + identity(n)[at]);
};

describe('triangularSolve', () => {
  const n = 4;
  const full = noise(n * n).map((value, at) => value + 5 * identity(n)[at]);
  const b = noise(n * 2).reverse();

  for (const lower of [true, false]) {
    for (const transpose of [true, false]) {
      for (const unitDiagonal of [true, false]) {
        it(`solves with lower ${lower}, transpose ${transpose}, unitDiagonal ${unitDiagonal}`, () => {
          const attrs = { lower, transpose, unitDiagonal };
          const read = full.map((_, at) => {
            const [i, j] = [Math.floor(at / n), at % n];
            return i === j ? !unitDiagonal : i > j === lower;
          });
          const triangle = full.map((value, at) => (read[at] ? value : unitDiagonal ? identity(n)[at] : 0));
          const unread = full.map((value, at) => (read[at] ? value : NaN));
          const [x] = runKernel('triangularSolve', [block([n, n], unread), block([n, 2], b)], attrs, [[n, 2]]);
          expectClose(product(triangle, x, n, 2, transpose), b);
        });
      }
    }
  }
});

describe('cholesky', () => {
  it('multiplies back, with zeros above a positive diagonal', () => {
    const a = positive(5);
    const [l] = runKernel('cholesky', [block([5, 5], a)], {}, [[5, 5]]);
    expectClose(product(l, l, 5, 5, false, true), a);
    l.forEach((value, at) => {
      if (at % 5 > Math.floor(at / 5)) expect(value).toBe(0);
      if (at % 6 === 0) expect(value).toBeGreaterThan(0);
    });
  });

  it('gives NaN for that matrix of the batch which is not positive definite', () => {
    const batch = block([3, 2, 2], [4, 2, 2, 5, 1, 2, 2, 1, 1, 1, 1, 1]);
    expect(runKernel('cholesky', [batch], {}, [[3, 2, 2]])).toEqual([[2, 0, 1, 2, NaN, 0, NaN, NaN, NaN, 0, NaN, NaN]]);
  });

  it('takes the symmetric part', () => {
    expect(runKernel('cholesky', [block([2, 2], [4, 0, 4, 5])], {}, [[2, 2]])).toEqual([[2, 0, 1, 2]]);
  });
});

describe('solve', () => {
  it('solves a batch, pivoting where it has to', () => {
    const a = [0, 1, 1, 0, 2, 0, 0, 4];
    const b = [1, 2, 6, 8];
    expect(runKernel('solve', [block([2, 2, 2], a), block([2, 2, 1], b)], {}, [[2, 2, 1]])).toEqual([[2, 1, 3, 2]]);
  });

  it('keeps its accuracy with a tiny pivot', () => {
    const [x] = runKernel('solve', [block([2, 2], [1e-20, 1, 1, 1]), block([2, 1], [1, 2])], {}, [[2, 1]]);
    expectClose(x, [1, 1], 15);
  });

  it('multiplies back', () => {
    const [a, b] = [noise(36), noise(18).reverse()];
    const [x] = runKernel('solve', [block([6, 6], a), block([6, 3], b)], {}, [[6, 3]]);
    expectClose(product(a, x, 6, 3), b);
  });

  it('never gives finite answers for a singular matrix', () => {
    const [x] = runKernel('solve', [block([2, 2], [1, 2, 2, 4]), block([2, 1], [1, 1])], {}, [[2, 1]]);
    expect(x.some(Number.isFinite)).toBe(false);
  });
});

describe('slogdet', () => {
  const slogdet = (a: readonly number[], n: number): number[] =>
    runKernel('slogdet', [block([n, n], a)], {}, [[]], [[]]).flat();

  it('counts the swaps of permutations', () => {
    expect(slogdet([0, 1, 1, 0], 2)).toEqual([-1, 0]);
    expect(slogdet([0, 1, 0, 0, 0, 1, 1, 0, 0], 3)).toEqual([1, 0]);
  });

  it('is multiplicative, and right for 2 by 2', () => {
    expectClose(slogdet([1, 2, 3, 4], 2), [-1, Math.log(2)], 14);
    const [a, b] = [noise(25), noise(50).slice(25)];
    const [of, ofA, ofB] = [slogdet(product(a, b, 5, 5), 5), slogdet(a, 5), slogdet(b, 5)];
    expect(of[0]).toBe(ofA[0] * ofB[0]);
    expect(of[1]).toBeCloseTo(ofA[1] + ofB[1], 10);
  });

  it('serves singular, empty and many matrices', () => {
    expect(slogdet([1, 2, 2, 4], 2)).toEqual([0, -Infinity]);
    expect(slogdet([0, 0, 0, 1], 2)).toEqual([0, -Infinity]);
    expect(slogdet([], 0)).toEqual([1, 0]);
    const many = block([2, 1, 1], [-1, Math.E]);
    expect(runKernel('slogdet', [many], {}, [[2]], [[2]])).toEqual([
      [-1, 1],
      [0, 1],
    ]);
  });

  it('does not overflow where the determinant does', () => {
    const a = identity(4).map((value) => value * 1e200);
    expect(slogdet(a, 4)[1]).toBeCloseTo(800 * Math.LN10, 9);
  });
});

describe('eigh', () => {
  const eigh = (a: readonly number[], n: number): number[][] =>
    runKernel('eigh', [block([n, n], a)], {}, [[n]], [[n, n]]);

  it('diagonalises, ascending, with orthonormal vectors', () => {
    for (const n of [1, 2, 7]) {
      const a = positive(n).map((value, at) => value - 10 * identity(n)[at]);
      const [w, v] = eigh(a, n);
      expectClose(
        product(a, v, n, n),
        v.map((value, at) => value * w[at % n]),
      );
      expectClose(product(v, v, n, n, true), identity(n), 14);
      expect(w).toEqual([...w].sort((x, y) => x - y));
    }
  });

  it('makes the largest component positive, the first of equals', () => {
    const half = Math.SQRT1_2;
    const [w, v] = eigh([2, 1, 1, 2], 2);
    expectClose(w, [1, 3], 14);
    expectClose(v, [half, half, -half, half], 14);
    const [, vectors] = eigh([0, 0, 0, -5], 2);
    expect(vectors).toEqual([0, 1, 1, 0]);
  });

  it('serves degenerate, zero, tiny and huge matrices', () => {
    expect(eigh(identity(3), 3)).toEqual([[1, 1, 1], identity(3)]);
    expect(eigh(Array(4).fill(0), 2)).toEqual([[0, 0], identity(2)]);
    for (const scale of [1e-200, 1e150]) {
      const [w, v] = eigh([2 * scale, scale, scale, 2 * scale], 2);
      expect(w[1] / scale).toBeCloseTo(3, 9);
      expectClose(product(v, v, 2, 2, true), identity(2), 14);
    }
    const [, v] = eigh([0, 5e-324, 5e-324, 1e-323], 2); // where halves are lost, it still ends
    expectClose(product(v, v, 2, 2, true), identity(2), 14);
    expect(eigh([], 0)).toEqual([[], []]);
  });

  it('keeps eigenvalues that lie close together apart', () => {
    // the second difference matrix: 2 - 2 cos(kπ/(n + 1))
    const n = 12;
    const a = identity(n).map((value, at) => (Math.abs((at % n) - Math.floor(at / n)) === 1 ? -1 : 2 * value));
    const [w, v] = eigh(a, n);
    expectClose(
      w,
      Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))),
      13,
    );
    // its vectors are even or odd, so that each component but for rounding equals another: the first of two decides
    for (let column = 0; column < n; column++) {
      const components = Array.from({ length: n }, (_, k) => v[k * n + column]);
      const largest = Math.max(...components.map(Math.abs));
      expect(components.find((x) => Math.abs(x) > largest * (1 - 1e-9))).toBeGreaterThan(0);
    }
  });

  it('takes the symmetric part, and gives NaN for NaN', () => {
    for (const a of [
      [2, 2, 0, 2],
      [2, 0, 2, 2],
    ]) {
      expectClose(eigh(a, 2)[0], [1, 3], 14);
    }
    expect(eigh([NaN], 1)).toEqual([[NaN], [NaN]]);
    expect(eigh([1, NaN, NaN, 1], 2).flat().every(Number.isNaN)).toBe(true);
  });
});

describe('qr', () => {
  const qr = (a: readonly number[], m: number, n: number): number[][] =>
    runKernel('qr', [block([m, n], a)], {}, [[m, n]], [[n, n]]);

  it.each([
    [1, 1],
    [4, 4],
    [7, 3],
    [5, 1],
  ])('factors %i by %i into an orthonormal and an upper triangular part', (m, n) => {
    const a = noise(m * n);
    const [q, r] = qr(a, m, n);
    expectClose(product(q, r, m, n), a, 13);
    expectClose(product(q, q, n, n, true), identity(n), 14);
    r.forEach((value, at) => {
      if (at % n < Math.floor(at / n)) expect(value).toBe(0);
      if (at % (n + 1) === 0) expect(value).toBeGreaterThanOrEqual(0);
    });
  });

  it('serves rank-deficient matrices', () => {
    const a = [1, 2, 2, 4, 3, 6];
    const [q, r] = qr(a, 3, 2);
    expectClose(product(q, r, 3, 2), a, 13);
    expectClose(product(q, q, 2, 2, true), identity(2), 14);
    const [q0, r0] = qr([0, 0, 0, 0], 2, 2);
    expectClose(product(q0, q0, 2, 2, true), identity(2), 15);
    expect(r0.map(Math.abs)).toEqual([0, 0, 0, 0]);
  });
});
