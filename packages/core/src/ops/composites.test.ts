import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { Reduction } from './nn/losses.ts';

// No backend computes these by a kernel that could be compared: their definitions in plain numbers stand here.

const AT = [-2.5, -1, -0.1, 0.3, 1, 2.5, 7];

/** The normal distribution's share below x, by Simpson's rule. */
function normalShare(x: number): number {
  const [n, step] = [2000, x / 2000];
  let total = 0;
  for (let i = 0; i <= n; i++) {
    total += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-((i * step) ** 2) / 2);
  }
  return 0.5 + (total * step) / 3 / Math.sqrt(2 * Math.PI);
}

function expectClose(found: w.Tensor, expected: readonly number[]): void {
  const values = Array.from(found.dataSync());
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
}

describe('elementwise composites', () => {
  it.each<[string, (x: w.TensorLike) => w.Tensor, (x: number) => number]>([
    ['relu', w.relu, (x) => Math.max(x, 0)],
    ['relu6', w.relu6, (x) => Math.min(Math.max(x, 0), 6)],
    ['leakyRelu', w.leakyRelu, (x) => (x > 0 ? x : 0.2 * x)],
    ['prelu', (x) => w.prelu(x, 0.7), (x) => (x > 0 ? x : 0.7 * x)],
    ['step', (x) => w.step(x, 0.4), (x) => (x > 0 ? 1 : 0.4)],
    ['clipByValue', (x) => w.clipByValue(x, -1, 2), (x) => Math.min(Math.max(x, -1), 2)],
    ['elu', w.elu, (x) => (x > 0 ? x : Math.exp(x) - 1)],
    ['selu', w.selu, (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))],
    ['softplus', w.softplus, (x) => Math.log(1 + Math.exp(x))],
    ['logSigmoid', w.logSigmoid, (x) => -Math.log(1 + Math.exp(-x))],
    ['softsign', w.softsign, (x) => x / (1 + Math.abs(x))],
    ['silu', w.silu, (x) => x / (1 + Math.exp(-x))],
    ['gelu', w.gelu, (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
    ['exact gelu', (x) => w.gelu(x, false), (x) => x * normalShare(x)],
    ['rsqrt', (x) => w.rsqrt(w.square(x)), (x) => 1 / Math.abs(x)],
    ['squaredDifference', (x) => w.squaredDifference(x, 2), (x) => (x - 2) ** 2],
  ])('%s', (_name, f, definition) => {
    expectClose(f(AT), AT.map(definition));
  });

  it.each<[string, (x: w.TensorLike) => w.Tensor]>([
    ['relu', w.relu],
    ['relu6', w.relu6],
    ['elu', w.elu],
    ['softplus', w.softplus],
    ['step', w.step],
    ['clipByValue', (x) => w.clipByValue(x, 0, 1)],
  ])('%s of NaN is NaN', (_name, f) => {
    expect(f(NaN).item()).toBeNaN();
  });
});

describe('reductions', () => {
  const x = [1, 2, 4, 9];
  it.each<[string, w.Tensor, number[]]>([
    ['mean', w.mean(x), [4]],
    ['variance', w.variance(x), [9.5]],
    ['std', w.std(x), [Math.sqrt(9.5)]],
    ['moments', w.moments(x).variance, [9.5]],
    ['prod', w.prod([x, x], 1), [72, 72]],
    ['prod of nothing', w.prod(w.zeros([2, 0]), 1), [1, 1]],
    ['logSumExp', w.logSumExp([1000, 1000]), [1000 + Math.LN2]],
    [
      'logSumExp of infinities',
      w.logSumExp(
        [
          [-Infinity, -Infinity],
          [Infinity, 0],
        ],
        1,
      ),
      [-Infinity, Infinity],
    ],
    ['softmax', w.softmax([0, Math.log(3)]), [0.25, 0.75]],
    ['logSoftmax', w.logSoftmax([[0], [1000]], 0), [-1000, 0]],
    ['layerNorm', w.layerNorm([1, 3], -1, 2, 10, 0), [8, 12]],
    ['argMin', w.argMin(Int32Array.of(5, -(2 ** 31))), [1]],
    ['argMin', w.argMin([2e-20, 1e-20, 3e-20]), [1]],
    ['topk', w.topk([[3, 1, 3, 5]], 2).indices, [3, 0]],
    [
      'argsort',
      w.argsort(
        [
          [2, 1],
          [1, 1],
        ],
        0,
        true,
      ),
      [0, 0, 1, 1],
    ],
    [
      'sort',
      w.sort(
        [
          [2, 3],
          [1, 5],
        ],
        0,
      ),
      [1, 3, 2, 5],
    ],
  ])('%s', (_name, found, expected) => {
    expectClose(found, expected);
  });
});

describe('losses', () => {
  const [labels, logits] = [
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 0],
      [Math.log(3), 0],
    ],
  ];
  const each = [Math.LN2, Math.log(4 / 3)];

  it('takes the cross entropy of each row', () => {
    expectClose(w.softmaxCrossEntropyWithLogits(labels, logits), each);
    expectClose(w.softmaxCrossEntropyWithLogits([[1, 0]], [[-1000, 0]]), [1000]);
  });

  it('smooths labels', () => {
    expectClose(w.softmaxCrossEntropy([[0, 1]], [[Math.log(3), 0]], null, 0.5), [Math.log(4) - 0.25 * Math.log(3)]);
  });

  it.each([
    [Reduction.NONE, [each[0] * 3, 0]],
    [Reduction.SUM, [each[0] * 3]],
    [Reduction.MEAN, [each[0]]],
    [Reduction.SUM_BY_NONZERO_WEIGHTS, [each[0] * 3]],
  ])('weighs and reduces by %i', (reduction, expected) => {
    expectClose(w.softmaxCrossEntropy(labels, logits, [3, 0], 0, reduction), expected);
  });

  it('takes the weighted mean as that over all that weights are broadcast to', () => {
    expectClose(
      w.computeWeightedLoss(
        [
          [1, 3],
          [5, 7],
        ],
        [[1], [3]],
        Reduction.MEAN,
      ),
      [(1 + 3 + 15 + 21) / 8],
    );
  });
});

describe('dtypes', () => {
  const ints = Int32Array.of(7, -7, 0);
  it.each<[string, w.Tensor, w.DType, unknown]>([
    ['int32 by int32 is rounded down', w.div(ints, Int32Array.of(2, 2, 1)), 'int32', [3, -4, 0]],
    ['int32 by a number is a float', w.div(ints, 2), 'float64', [3.5, -3.5, 0]],
    ['relu keeps int32', w.relu(ints), 'int32', [7, 0, 0]],
    ['clipByValue keeps int32', w.clipByValue(ints, -1, 5), 'int32', [5, -1, 0]],
    ['prod counts bools', w.prod([true, true, true]), 'int32', 1],
    ['mean of int32 is a float', w.mean(Int32Array.of(1, 2)), 'float64', 1.5],
    [
      'oneHot is int32',
      w.oneHot([1, -1], 2),
      'int32',
      [
        [0, 1],
        [0, 0],
      ],
    ],
    ['oneHot takes a dtype', w.oneHot([1], 2, 1, 0, 'bool'), 'bool', [[0, 1]]],
    ['logicalXor', w.logicalXor([true, true, false], [true, false, false]), 'bool', [0, 1, 0]],
    ['logicalAnd takes numbers as bools', w.logicalAnd([2, 0], [1, 1]), 'bool', [1, 0]],
    ['isInf', w.isInf([-Infinity, NaN, 1]), 'bool', [1, 0, 0]],
    ['isNaN', w.isNaN([-Infinity, NaN, 1]), 'bool', [0, 1, 0]],
    ['isFinite', w.isFinite([-Infinity, NaN, 1]), 'bool', [0, 0, 1]],
    ['notEqual of NaN', w.notEqual([NaN, 1], [NaN, 1]), 'bool', [1, 0]],
    ['greaterEqual', w.greaterEqual([1, 2, NaN], 2), 'bool', [0, 1, 0]],
  ])('%s', (_name, found, dtype, expected) => {
    expect(found.dtype).toBe(dtype);
    expect(found.arraySync()).toEqual(expected);
  });
});
