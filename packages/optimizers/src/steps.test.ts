import '@wengert/backend-reference';
import {
  add,
  div,
  GradientTape,
  mul,
  setBackend,
  square,
  sum,
  type Tensor,
  variable,
  variableGrads,
} from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { train } from './index.ts';
import type { Optimizer } from './optimizer.ts';

beforeAll(() => setBackend('reference'));

/** What one optimizer does to one number, by its published formula. */
type Plain = (value: number, gradient: number, step: number) => number;

function plainAdam(rate: number, beta1: number, beta2: number, epsilon: number): Plain {
  let [m, v, power1, power2] = [0, 0, 1, 1];
  return (value, gradient) => {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient * gradient;
    power1 *= beta1;
    power2 *= beta2;
    return value - (rate * (m / (1 - power1))) / (Math.sqrt(v / (1 - power2)) + epsilon);
  };
}

const START = [1, -2, 0.5, 3];
const SCALE = [1, 10, 0.1, 2];

/** f(x) = sum(s x² + x⁴ / 4) has the gradient 2 s x + x³. */
const cost = (x: Tensor): Tensor => sum(add(mul(SCALE, square(x)), div(square(square(x)), 4)));
const plainGradient = (x: number, i: number): number => 2 * SCALE[i] * x + x ** 3;

const cases: readonly [name: string, make: () => Optimizer, plain: () => Plain][] = [
  ['SGD', () => train.sgd(0.01), () => (value, gradient) => value - 0.01 * gradient],
  ['Adam', () => train.adam(), () => plainAdam(0.001, 0.9, 0.999, 1e-7)],
  ['Adam with other settings', () => train.adam(0.05, 0.7, 0.95, 1e-3), () => plainAdam(0.05, 0.7, 0.95, 1e-3)],
];

const sources: readonly [name: string, step: (optimizer: Optimizer, x: ReturnType<typeof variable>) => void][] = [
  ['minimize', (optimizer, x) => void optimizer.minimize(() => cost(x))],
  ['minimize of a list', (optimizer, x) => void optimizer.minimize(() => cost(x), false, [x])],
  ['computeGradients', (optimizer, x) => optimizer.applyGradients(optimizer.computeGradients(() => cost(x)).grads)],
  ['variableGrads', (optimizer, x) => optimizer.applyGradients(variableGrads(() => cost(x)).grads)],
  [
    'variableGrads as a list',
    (optimizer, x) => {
      const { grads } = variableGrads(() => cost(x), [x]);
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    },
  ],
  [
    'a tape',
    (optimizer, x) => {
      using tape = new GradientTape();
      optimizer.applyGradients([[tape.gradient(cost(x), x), x]]);
    },
  ],
];

describe.each(cases)('%s', (_name, make, plain) => {
  it.each(sources)('follows its formula for 100 steps of %s', (_source, step) => {
    using x = variable(START);
    using optimizer = make();
    const rules = START.map(plain);
    let expected = START;
    for (let i = 1; i <= 100; i++) {
      step(optimizer, x);
      expected = expected.map((value, k) => rules[k](value, plainGradient(value, k), i));
    }
    expect(x.dtype).toBe('float64');
    const found = x.dataSync();
    for (const [k, value] of expected.entries()) expect(Math.abs(found[k] / value - 1)).toBeLessThan(1e-12);
    expect(optimizer.iterations).toBe(100);
  });
});

describe('convergence', () => {
  // Rosenbrock's valley, whose one minimum is at (1, 1).
  const valley = (x: Tensor, y: Tensor): Tensor =>
    add(square(mul(-1, add(x, -1))), mul(10, square(add(y, mul(-1, square(x))))));

  it.each([
    ['SGD', () => train.sgd(0.01), 3000],
    ['Adam', () => train.adam(0.05), 1500],
  ] as const)('of %s in a curved valley', (_name, make, steps) => {
    using x = variable(-1);
    using y = variable(1.5);
    using optimizer = make();
    for (let i = 0; i < steps; i++) optimizer.minimize(() => valley(x, y));
    expect(x.item()).toBeCloseTo(1, 2);
    expect(y.item()).toBeCloseTo(1, 2);
  });
});
