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

function plainMomentum(rate: number, m: number, nesterov: boolean): Plain {
  let velocity = 0;
  return (value, gradient) => {
    velocity = m * velocity + gradient;
    return value - rate * (nesterov ? m * velocity + gradient : velocity);
  };
}

function plainAdagrad(rate: number, initial: number): Plain {
  let total = initial;
  return (value, gradient) => {
    total += gradient ** 2;
    return value - (rate * gradient) / Math.sqrt(total + 1e-7);
  };
}

function plainAdadelta(rate: number, rho: number, epsilon: number): Plain {
  let [squares, steps] = [0, 0];
  return (value, gradient) => {
    const step = (Math.sqrt(steps + epsilon) / Math.sqrt(squares + epsilon)) * gradient;
    squares = rho * squares + (1 - rho) * gradient ** 2;
    steps = rho * steps + (1 - rho) * step ** 2;
    return value - rate * step;
  };
}

function plainRmsprop(rate: number, decay: number, momentum: number, epsilon: number, centered: boolean): Plain {
  let [squares, mean, velocity] = [0, 0, 0];
  return (value, gradient) => {
    squares = decay * squares + (1 - decay) * gradient ** 2;
    mean = decay * mean + (1 - decay) * gradient;
    const spread = centered ? squares - mean ** 2 : squares;
    velocity = momentum * velocity + (rate * gradient) / Math.sqrt(spread + epsilon);
    return value - velocity;
  };
}

function plainAdamax(rate: number, beta1: number, beta2: number, epsilon: number, decay: number): Plain {
  let [m, u, power] = [0, 0, 1];
  return (value, gradient, step) => {
    m = beta1 * m + (1 - beta1) * gradient;
    u = Math.max(beta2 * u, Math.abs(gradient));
    power *= beta1;
    return value - (rate / (1 + decay * (step - 1)) / (1 - power)) * (m / (u + epsilon));
  };
}

function plainAdamW(rate: number, weightDecay: number): Plain {
  const plain = plainAdam(rate, 0.9, 0.999, 1e-7);
  return (value, gradient, step) => plain(value, gradient, step) - rate * weightDecay * value;
}

function plainLion(rate: number, beta1: number, beta2: number, weightDecay: number): Plain {
  let m = 0;
  return (value, gradient) => {
    const direction = Math.sign(beta1 * m + (1 - beta1) * gradient);
    m = beta2 * m + (1 - beta2) * gradient;
    return value - rate * (direction + weightDecay * value);
  };
}

const START = [1, -2, 0.5, 3];
const SCALE = [1, 10, 0.1, 2];

/** f(x) = sum(s x² + x⁴ / 4) has the gradient 2 s x + x³. */
const cost = (x: Tensor): Tensor => sum(add(mul(SCALE, square(x)), div(square(square(x)), 4)));
const plainGradient = (x: number, i: number): number => 2 * SCALE[i] * x + x ** 3;

const cases: readonly [name: string, make: () => Optimizer, plain: () => Plain][] = [
  ['SGD', () => train.sgd(0.01), () => (value, gradient) => value - 0.01 * gradient],
  [
    'SGD with a schedule',
    () => train.sgd((step) => 0.01 / (1 + step)),
    () => (value, g, step) => value - (0.01 / step) * g,
  ],
  ['Momentum', () => train.momentum(0.005, 0.8), () => plainMomentum(0.005, 0.8, false)],
  ['Momentum by Nesterov', () => train.momentum(0.005, 0.8, true), () => plainMomentum(0.005, 0.8, true)],
  ['Adagrad', () => train.adagrad(0.1), () => plainAdagrad(0.1, 0.1)],
  ['Adagrad from elsewhere', () => train.adagrad(0.1, 2), () => plainAdagrad(0.1, 2)],
  ['Adadelta', () => train.adadelta(), () => plainAdadelta(0.001, 0.95, 1e-7)],
  ['Adadelta with other settings', () => train.adadelta(0.002, 0.8, 1e-3), () => plainAdadelta(0.002, 0.8, 1e-3)],
  ['RMSProp', () => train.rmsprop(0.01), () => plainRmsprop(0.01, 0.9, 0, 1e-7, false)],
  [
    'RMSProp, centered, with momentum',
    () => train.rmsprop(0.01, 0.8, 0.5, 1e-3, true),
    () => plainRmsprop(0.01, 0.8, 0.5, 1e-3, true),
  ],
  ['Adamax', () => train.adamax(), () => plainAdamax(0.002, 0.9, 0.999, 1e-7, 0)],
  ['Adamax with decay', () => train.adamax(0.05, 0.7, 0.8, 1e-3, 0.1), () => plainAdamax(0.05, 0.7, 0.8, 1e-3, 0.1)],
  ['AdamW', () => train.adamw(), () => plainAdamW(0.001, 0.004)],
  ['AdamW with other settings', () => train.adamw(0.05, 0.9, 0.999, 1e-7, 0.2), () => plainAdamW(0.05, 0.2)],
  ['Lion', () => train.lion(), () => plainLion(1e-4, 0.9, 0.99, 0)],
  ['Lion with other settings', () => train.lion(0.003, 0.8, 0.9, 0.1), () => plainLion(0.003, 0.8, 0.9, 0.1)],
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
