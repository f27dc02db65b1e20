import '@wengert/backend-reference';
import { grad, memory, setBackend, sum, type Tensor, tensor, variable } from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipGradientsByGlobalNorm, clipGradientsByNorm, clipGradientsByValue, train } from './index.ts';

beforeAll(() => setBackend('reference'));

const values = (xs: readonly Tensor[]): number[] => xs.flatMap((x) => Array.from(x.dataSync()));

function expectClose(found: readonly Tensor[], wanted: readonly number[]): void {
  values(found).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 12);
  });
  expect(values(found)).toHaveLength(wanted.length);
}

describe('clipping', () => {
  const gradients = (): Tensor[] => [tensor([3, 4]), tensor(12)];

  it('by value', () => expectClose(clipGradientsByValue(gradients(), -1, 3.5), [3, 3.5, 3.5]));
  it('by the norm of each', () => expectClose(clipGradientsByNorm(gradients(), 6), [3, 4, 6]));
  it('by the norm of all', () => expectClose(clipGradientsByGlobalNorm(gradients(), 6.5), [1.5, 2, 6]));
  it('leaves short ones as they are', () => expectClose(clipGradientsByGlobalNorm(gradients(), 100), [3, 4, 12]));
  it('leaves zeros', () => expectClose(clipGradientsByNorm([tensor([0, 0])], 1), [0, 0]));
  it('of nothing is nothing', () => expect(clipGradientsByGlobalNorm([null], 1)).toEqual([null]));
  it('needs a positive norm', () => expect(() => clipGradientsByNorm(gradients(), 0)).toThrow('clipNorm'));

  it('keeps names, pairs and variables', () => {
    using x = variable([0, 0], true, 'clipped');
    expectClose(Object.values(clipGradientsByNorm({ clipped: tensor([3, 4]) }, 1)), [0.6, 0.8]);
    const [{ name, tensor: one }] = clipGradientsByNorm([{ name: 'clipped', tensor: tensor([3, 4]) }], 1);
    expect(name).toBe('clipped');
    expectClose([one], [0.6, 0.8]);
    const pairs = clipGradientsByGlobalNorm([[tensor([3, 4]), x] as const], 1);
    expect(pairs[0][1]).toBe(x);
    train.sgd(1).applyGradients(pairs);
    expectClose([x], [-0.6, -0.8]);
  });

  it('leaves nothing behind', () => {
    const given = gradients();
    const before = memory().numTensors;
    for (const one of clipGradientsByGlobalNorm(given, 1)) one.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('has finite derivatives, also at zero', () => {
    const slope = grad((x) => sum(clipGradientsByNorm([x], 2)[0]));
    expectClose([slope([0, 0])], [1, 1]);
    expectClose([slope([6, 8])], [0.2 * (1 - 0.6 * 1.4), 0.2 * (1 - 0.8 * 1.4)]);
  });
});
