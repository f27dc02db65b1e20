import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

const { Infinity: INF, NaN: NAN } = globalThis;

/** The gradients of the sum of `f`; zeros where it does not depend on an argument. */
function gradients(f: (...xs: w.Tensor[]) => w.Tensor, ...args: w.TensorLike[]): unknown[] {
  const xs = args.map((x) => w.toTensor('test', x, undefined, 'float64'));
  using tape = new w.GradientTape();
  tape.watch(xs);
  const y = f(...xs);
  return tape.gradient(y, xs, { unconnectedGradients: 'zero' }).map((g) => g.arraySync());
}

/** The n-th derivative of `f` at a number. */
function derivative(f: (x: w.Tensor) => w.Tensor, n: number): (x: w.Tensor) => w.Tensor {
  if (n === 0) return f;
  const before = derivative(f, n - 1);
  return (x) => {
    using tape = new w.GradientTape();
    tape.watch(x);
    const y = before(x);
    return tape.gradient(y, x, { unconnectedGradients: 'zero' });
  };
}

/** Derivatives of order 1 to 4. */
const derivatives = (f: (x: w.Tensor) => w.Tensor, x: number): number[] =>
  [1, 2, 3, 4].map((n) => derivative(f, n)(w.scalar(x)).item() + 0);

const SELU = 1.7580993408473766;

describe('gradients at kinks and singular points', () => {
  const unary: [name: string, f: (x: w.Tensor) => w.Tensor, at: number[], gradient: number[]][] = [
    ['relu', w.relu, [0, -1, 1, NAN], [0, 0, 1, 1]],
    ['relu6', w.relu6, [0, 3, 6, 7], [0, 1, 1, 0]],
    ['leakyRelu', (x) => w.leakyRelu(x, 0.3), [0, -1, 1], [0.3, 0.3, 1]],
    ['selu', w.selu, [0, 1000, -1000], [SELU, 1.0507009873554805, 0]],
    ['elu', w.elu, [0, 1000, -1000], [1, 1, 0]],
    ['abs', w.abs, [0, -2, 2], [0, -1, 1]],
    ['sign', w.sign, [0, 2], [0, 0]],
    ['floor', w.floor, [1, 1.5], [0, 0]],
    ['round', w.round, [0.5, 1.5], [0, 0]],
    ['ceil', w.ceil, [1, 1.5], [0, 0]],
    ['step', w.step, [0, 1], [0, 0]],
    ['sqrt', w.sqrt, [0, 4], [INF, 0.25]],
    ['log', w.log, [0, -2], [INF, -0.5]],
    ['reciprocal', w.reciprocal, [0], [-INF]],
    ['clipByValue', (x) => w.clipByValue(x, -1, 1), [-1, 1, 1.1, -1.1], [1, 1, 0, 0]],
    ['max', (x) => w.max(x), [3, 1, 3], [0.5, 0, 0.5]],
    ['min', (x) => w.min(x), [1, 1, 3], [0.5, 0.5, 0]],
    ['max of NaN', (x) => w.max(x), [1, NAN], [NAN, NAN]],
    ['std of a constant', (x) => w.std(x), [0.1, 0.1, 0.1], [0, 0, 0]],
    ['topk', (x) => w.topk(x, 2).values, [3, 1, 3, 3], [1, 0, 1, 0]],
    ['prod', (x) => w.prod(x), [2, 0, 3], [0, 6, 0]],
    ['logSumExp', (x) => w.logSumExp(x), [1000, -1000], [1, 0]],
    ['logSumExp over no weight', (x) => w.logSumExp(x), [-INF, -INF], [0, 0]],
    ['softplus', w.softplus, [1000, -1000, 0], [1, 0, 0.5]],
    ['sigmoid', w.sigmoid, [1000, -1000], [0, 0]],
    ['where', (x) => w.where([true, false], x, w.log(x)), [0, 2], [NAN, 0.5]],
  ];
  it.each(unary)('%s', (_name, f, at, gradient) => {
    const [found] = gradients(f, at);
    expect((found as number[]).map((g) => g + 0)).toEqual(gradient);
  });

  it.each<[string, w.Binary, number[], number[], number[], number[]]>([
    ['maximum', w.maximum, [1, 2, INF], [1, 1, INF], [0.5, 1, 0.5], [0.5, 0, 0.5]],
    ['minimum', w.minimum, [1, 2, -INF], [1, 1, -INF], [0.5, 0, 0.5], [0.5, 1, 0.5]],
    ['pow', w.pow, [0, 0, 0, 0], [0, -1, 1, 2], [0, -INF, 1, 0], [0, -INF, 0, 0]],
    ['pow of negative bases', w.pow, [-2, -2], [3, 0], [12, 0], [NAN, NAN]],
  ])('%s', (_name, f, a, b, byA, byB) => {
    const found = gradients(f, a, b) as number[][];
    expect(found.map((g) => g.map((value) => value + 0))).toEqual([byA, byB]);
  });

  it.each([
    [1, [1, 0, 0, 0]],
    [2, [0, 2, 0, 0]],
    [3, [0, 0, 6, 0]],
    [4, [0, 0, 0, 24]],
  ])('x to the power of %i at 0, to order 4', (n, expected) => {
    expect(derivatives((x) => w.pow(x, n), 0)).toEqual(expected);
  });

  it.each([
    ['softplus', w.softplus, [0.5, 0.25, 0, -0.125]],
    ['elu', w.elu, [1, 1, 1, 1]],
    ['selu', w.selu, [SELU, SELU, SELU, SELU]],
  ] as const)('%s at 0, to order 4', (_name, f, expected) => {
    expect(derivatives(f, 0)).toEqual(expected);
  });

  it('differentiates products with zeros twice', () => {
    const hessian = w
      .hessian((x: w.Tensor) => w.prod(x))([2, 0, 3, 0, 5])
      .arraySync() as number[][];
    expect(hessian[1]).toEqual([0, 0, 0, 30, 0]);
  });

  it('differentiates running products with zeros twice', () => {
    const hessian = w
      .hessian((x: w.Tensor) => w.cumprod(x).slice(3, 1).sum())([2, 0, 3, 0, 5])
      .arraySync() as number[][];
    expect(hessian[1]).toEqual([0, 0, 0, 6, 0]);
  });

  it.each([
    ['norm', (x: w.Tensor) => w.norm(x)],
    ['euclideanNorm', (x: w.Tensor) => w.euclideanNorm(x)],
    ['the norm of a matrix', (x: w.Tensor) => w.norm(x.reshape([1, 2]), 'fro', [0, 1])],
  ])('%s at 0', (_name, f) => {
    expect(gradients(f, [0, 0])).toEqual([[0, 0]]);
  });

  it('divNoNan by 0', () => {
    expect(gradients(w.divNoNan, [1, 2], [0, 4])).toEqual([
      [0, 0.25],
      [0, -0.125],
    ]);
  });

  it('keeps a saved output connected to the tape', () => {
    const y = Math.tanh(0.7);
    const second = w.grad((x) => w.grad((z) => w.mul(z, w.tanh(z)))(x));
    expect(second(0.7).item()).toBeCloseTo(2 * (1 - y * y) * (1 - 0.7 * y), 12);
  });
});
