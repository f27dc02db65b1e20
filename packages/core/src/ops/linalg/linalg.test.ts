import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

function expectClose(found: w.Tensor, expected: w.TensorLike): void {
  const wanted = w.toTensor('test', expected);
  expect(found.shape).toEqual(wanted.shape);
  const values = Array.from(wanted.dataSync());
  Array.from(found.dataSync()).forEach((value, i) => {
    expect(value).toBeCloseTo(values[i], 10);
  });
}

const singular = [
  [1, 2, 3],
  [2, 4, 6],
  [1, 0, 1],
];

describe('determinants', () => {
  it.each<[string, number[][], number]>([
    [
      '2 by 2',
      [
        [1, 2],
        [3, 4],
      ],
      -2,
    ],
    [
      'an exchange of rows',
      [
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 5],
      ],
      -5,
    ],
    ['singular', singular, 0],
    ['1 by 1', [[-3]], -3],
  ])('%s', (_name, a, expected) => {
    expectClose(w.det(a), expected);
  });

  it('of an empty matrix is 1', () => {
    expect(w.det(w.zeros([2, 0, 0])).arraySync()).toEqual([1, 1]);
  });

  it('has the cofactors as gradient where the matrix is singular', () => {
    expectClose(w.grad(w.det)(singular), [
      [4, 4, -4],
      [-2, -2, 2],
      [0, 0, 0],
    ]);
  });

  it('has an exact Hessian where the matrix has rank 0', () => {
    // det = ad - bc
    const hessian = w.reshape(w.hessian(w.det)(w.zeros([2, 2])), [4, 4]);
    expectClose(hessian, [
      [0, 0, 0, 1],
      [0, 0, -1, 0],
      [0, -1, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it('has the same tangent in forward mode', () => {
    const [, tangent] = w.jvp(w.det, [w.toTensor('test', singular)], [w.ones([3, 3])]);
    expectClose(tangent, 2);
    const [, along] = w.jvp(
      w.det,
      [w.toTensor('test', singular)],
      [
        w.toTensor('test', [
          [1, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ]),
      ],
    );
    expectClose(along, 4);
  });
});

describe('solvers', () => {
  it('takes one vector as a column', () => {
    expectClose(
      w.solve(
        [
          [2, 0],
          [1, 4],
        ],
        [2, 9],
      ),
      [1, 2],
    );
    expectClose(
      w.triangularSolve(
        [
          [2, 7],
          [1, 4],
        ],
        [2, 9],
      ),
      [1, 2],
    );
    expectClose(
      w.triangularSolve(
        [
          [2, 1],
          [7, 4],
        ],
        [4, 8],
        false,
      ),
      [1, 2],
    );
    expectClose(
      w.triangularSolve(
        [
          [2, 7],
          [1, 4],
        ],
        [4, 8],
        true,
        true,
      ),
      [1, 2],
    );
    expectClose(
      w.triangularSolve(
        [
          [9, 7],
          [1, 9],
        ],
        [1, 3],
        true,
        false,
        true,
      ),
      [1, 2],
    );
  });

  it('broadcasts the batches', () => {
    const a = w.reshape(
      [
        [2, 0, 0, 1],
        [4, 0, 0, 1],
      ],
      [2, 1, 2, 2],
    );
    const b = w.reshape([4, 1, 8, 1, 12, 1], [3, 2, 1]);
    expectClose(w.squeeze(w.solve(a, b), [3]), [
      [
        [2, 1],
        [4, 1],
        [6, 1],
      ],
      [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
    ]);
  });

  it('inverts', () => {
    const a = [
      [4, 7],
      [2, 6],
    ];
    expectClose(w.inv(a), [
      [0.6, -0.7],
      [-0.2, 0.4],
    ]);
  });
});

describe('factors', () => {
  const wide = w.toTensor('test', [
    [2, -1, 3],
    [1, 5, -2],
  ]);

  it.each<[string, w.Tensor]>([
    ['tall', w.transpose(wide)],
    ['wide', wide],
    [
      'square',
      w.toTensor('test', [
        [0, 2],
        [-3, 1],
      ]),
    ],
  ])('of a %s matrix multiply to it', (_name, a) => {
    const [q, r] = w.qr(a);
    expectClose(w.matMul(q, r), a);
    expectClose(w.matMul(q, q, true), w.eye(2));
    expectClose(w.tril(r, -1), w.zerosLike(r));
  });

  it('of a definite matrix are those of its symmetric part', () => {
    expectClose(
      w.cholesky([
        [4, 0],
        [4, 5],
      ]),
      [
        [2, 0],
        [1, 2],
      ],
    );
  });

  it('are sorted eigenvalues and their vectors', () => {
    const a = w.toTensor('test', [
      [2, 1],
      [1, 2],
    ]);
    const [values, vectors] = w.eigh(a);
    expectClose(values, [1, 3]);
    expectClose(w.matMul(a, vectors), w.mul(vectors, values));
  });

  it('have finite gradients of equal eigenvalues', () => {
    expectClose(w.grad((a) => w.eigh(a)[0])(w.eye(3)), w.eye(3));
  });
});
