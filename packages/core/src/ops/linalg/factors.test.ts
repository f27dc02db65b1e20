import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

function expectClose(found: w.Tensor, expected: w.TensorLike): void {
  const wanted = w.toTensor('test', expected);
  expect(found.shape).toEqual(wanted.shape);
  expect(w.max(w.abs(w.sub(found, wanted))).item()).toBeLessThan(1e-10);
}

const tall = w.toTensor('test', [
  [1, 2],
  [3, -3],
  [-2, 1],
  [0.5, 4],
]);

// Of rank 1, and the zero matrix.
const deficient = w.toTensor('test', [
  [
    [1, 2, 3],
    [2, 4, 6],
    [-1, -2, -3],
  ],
  [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ],
]);

describe('qr', () => {
  it('turns the columns as reflections do', () => {
    const [q, r] = w.qr([
      [1, 3],
      [-2, -4],
    ]);
    const root = Math.sqrt(5);
    expectClose(r, [
      [-root, -11 / root],
      [0, -2 / root],
    ]);
    expectClose(q, [
      [-1 / root, -2 / root],
      [2 / root, -1 / root],
    ]);
  });

  it('completes a tall Q to a square one', () => {
    const [q, r] = w.qr(tall, true);
    expect(r.shape).toEqual([4, 2]);
    expectClose(w.matMul(q, q, true), w.eye(4));
    expectClose(w.matMul(q, r), tall);
    expectClose(w.slice(q, [0, 0], [4, 2]), w.qr(tall)[0]);
  });
});

describe('svd', () => {
  it.each<[string, w.Tensor]>([
    ['tall', tall],
    ['wide', w.transpose(tall)],
    ['deficient', deficient],
  ])('of %s matrices is orthonormal and multiplies to them', (_name, a) => {
    const [u, s, vh] = w.svd(a);
    const n = s.shape[s.rank - 1];
    expectClose(w.matMul(w.mul(u, w.expandDims(s, -2)), vh), a);
    expectClose(w.matMul(u, u, true), w.eye(n, n, a.shape.slice(0, -2)));
    expectClose(w.matMul(vh, vh, false, true), w.eye(n, n, a.shape.slice(0, -2)));
  });

  it('has finite gradients of equal and of zero singular values', () => {
    expectClose(w.grad((a) => w.svd(a)[1])(w.eye(2)), w.eye(2));
    const found = w
      .grad((a) => w.svd(a)[1])(deficient)
      .dataSync();
    expect(Array.from(found).every(Number.isFinite)).toBe(true);
  });
});

describe('pinv', () => {
  it('holds the four conditions of Penrose where the rank is deficient', () => {
    const p = w.pinv(deficient);
    const [ap, pa] = [w.matMul(deficient, p), w.matMul(p, deficient)];
    expectClose(w.matMul(ap, deficient), deficient);
    expectClose(w.matMul(pa, p), p);
    expectClose(ap, w.transpose(ap, [0, 2, 1]));
    expectClose(pa, w.transpose(pa, [0, 2, 1]));
  });

  it('has the derivatives of the inverse where singular values are equal', () => {
    const f = (g: (a: w.TensorLike) => w.Tensor) =>
      w.hessian((a) =>
        w.sum(
          w.mul(g(a), [
            [1, 2],
            [3, 4],
          ]),
        ),
      )(w.eye(2));
    expectClose(f(w.pinv), f(w.inv));
  });
});

describe('bandPart', () => {
  it('takes its bounds as tensors', () => {
    const ones = w.ones([3, 3]);
    const count = (n: number): w.Tensor => w.scalar(n, 'int32');
    expectClose(w.bandPart(ones, count(-1), 0), w.bandPart(ones, -1, 0));
    expectClose(w.bandPart(ones, 1, count(9)), w.bandPart(ones, 1, -1));
  });
});
