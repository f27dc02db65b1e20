import { createCpuBackend } from '@wengert/backend-cpu';
import { createReferenceBackend } from '@wengert/backend-reference';
import { type Backend, grad, hessian, sizeOf, type Tensor, toTensor } from '@wengert/core';
import { describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { convolutionalLoss, PROGRAMS } from './programs.ts';
import { type Trial, withTrial } from './trial.ts';

const backends: [name: string, backend: Backend][] = [
  ['reference', createReferenceBackend()],
  ['cpu', createCpuBackend()],
];

const onTrial = <R>(backend: Backend, seed: string, use: (trial: Trial) => R): Promise<R> =>
  withTrial(backend, 'float64', seed, (trial) => trial.run(() => use(trial)));

describe.each(backends)('the derivatives of orders 1 and 2 on %s are the differences of', (_name, backend) => {
  test.each(PROGRAMS)('$name', ({ name, f, inputs }) =>
    onTrial(backend, name, ({ generator }) => checkGradients(f, inputs(generator), { backend, name, order: 2 })),
  );
});

describe.each(backends)('the Hessian of a convolutional loss on %s', (_name, backend) => {
  test('is symmetric, and the differences of the gradient', () =>
    onTrial(backend, 'hessian', ({ generator: { uniform } }) => {
      const [images, filter, offset, scale] = [
        uniform([2, 4, 4, 1]),
        uniform([2, 2, 1, 2]),
        uniform([2]),
        uniform([2]),
      ];
      const loss = (x: Tensor): Tensor => convolutionalLoss(images, x, offset, scale);
      const found = hessian(loss)(filter);
      expect(found.shape).toEqual([...filter.shape, ...filter.shape]);
      const [entries, centre] = [found.dataSync(), filter.dataSync()];
      const n = sizeOf(filter.shape);
      const gradientAt = (j: number, step: number): ArrayLike<number> => {
        const moved = centre.map((x, i) => (i === j ? x + step : x));
        return grad(loss)(toTensor('test', moved, backend, 'float64').reshape(filter.shape)).dataSync();
      };
      const h = 1e-5;
      for (let j = 0; j < n; j++) {
        const [after, before] = [gradientAt(j, h), gradientAt(j, -h)];
        for (let i = 0; i < n; i++) {
          expect(entries[i * n + j]).toBeCloseTo(entries[j * n + i], 12);
          expect(entries[i * n + j]).toBeCloseTo((after[i] - before[i]) / (2 * h), 7);
        }
      }
      expect(Math.max(...entries)).toBeGreaterThan(1e-3);
    }));
});
