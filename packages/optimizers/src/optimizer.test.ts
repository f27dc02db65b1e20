import '@wengert/backend-reference';
import {
  ArgumentError,
  DisposedError,
  DTypeError,
  GradientError,
  GradientTape,
  memory,
  mul,
  openRecorders,
  openScopes,
  ShapeError,
  scalar,
  setBackend,
  sum,
  tensor,
  tidy,
  variable,
  variableGrads,
} from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeOptimizer, type Optimizer, train } from './index.ts';

beforeAll(() => setBackend('reference'));

const kinds: readonly [name: string, make: () => Optimizer][] = [
  ['SGD', () => train.sgd(0.1)],
  ['Adam', () => train.adam(0.1)],
];

describe.each(kinds)('%s', (name, make) => {
  it('holds no more after a thousand steps than after one', () => {
    using x = variable([1, 2]);
    using optimizer = make();
    const step = (): void => void optimizer.minimize(() => sum(mul(x, x)));
    step();
    const before = memory();
    for (let i = 0; i < 1000; i++) step();
    expect(memory()).toEqual(before);
  });

  it('leaves nothing behind', () => {
    const before = memory();
    const x = variable([1, 2]);
    const optimizer = make();
    optimizer.minimize(() => sum(mul(x, x)));
    tidy(() => optimizer.applyGradients(variableGrads(() => sum(mul(x, 3))).grads));
    optimizer.dispose();
    x.dispose();
    expect(memory()).toEqual(before);
  });

  it('survives the scope in which it stepped', () => {
    using x = variable(1);
    using optimizer = make();
    tidy(() => void optimizer.minimize(() => mul(x, x)));
    const after = x.item();
    tidy(() => void optimizer.minimize(() => mul(x, x)));
    expect(x.item()).toBeLessThan(after);
  });

  it('gives up its slots for variables that are gone', () => {
    using optimizer = make();
    const once = (): void => {
      using x = variable(1);
      optimizer.minimize(() => mul(x, x));
    };
    once();
    const before = memory();
    for (let i = 0; i < 10; i++) once();
    expect(memory()).toEqual(before);
  });

  it('changes and leaks nothing where the cost throws', () => {
    using x = variable(1);
    using optimizer = make();
    const before = memory();
    const failing = () => {
      mul(x, x);
      throw new RangeError('no cost');
    };
    expect(() => optimizer.minimize(failing)).toThrow(RangeError);
    expect(() => optimizer.computeGradients(failing, [x])).toThrow(RangeError);
    expect(() => optimizer.minimize(() => mul([1, 2], x))).toThrow(GradientError);
    expect(memory()).toEqual(before);
    expect([x.item(), optimizer.iterations, openRecorders(), openScopes()]).toEqual([1, 0, 0, 0]);
  });

  it('is not seen by a tape that is open around it', () => {
    using x = variable(1);
    using optimizer = make();
    using gradient = scalar(1);
    optimizer.applyGradients([[gradient, x]]);
    const before = memory();
    using tape = new GradientTape({ persistent: true });
    tape.watch(gradient);
    for (let i = 0; i < 10; i++) optimizer.applyGradients([[gradient, x]]);
    expect(memory()).toEqual(before);
    expect(tape.isRecording).toBe(true);
  });

  it('returns the cost where it is asked to, and only then', () => {
    using x = variable(3);
    using optimizer = make();
    expect(optimizer.minimize(() => mul(x, x))).toBeNull();
    x.assign(3);
    using cost = optimizer.minimize(() => mul(x, x), true);
    expect(cost.item()).toBe(9);
  });

  it('can minimize a variable as it stands', () => {
    using x = variable(3);
    using optimizer = make();
    optimizer.minimize(() => x);
    expect(x.item()).toBeLessThan(3);
  });

  it('leaves other variables alone', () => {
    using x = variable(1);
    using y = variable(1);
    using frozen = variable(1, false);
    using optimizer = make();
    optimizer.minimize(() => mul(mul(x, y), frozen), false, [x]);
    expect([x.item() < 1, y.item(), frozen.item()]).toEqual([true, 1, 1]);
    optimizer.minimize(() => mul(mul(x, y), frozen));
    expect([y.item() < 1, frozen.item()]).toEqual([true, 1]);
  });

  it('takes another learning rate on its way', () => {
    using x = variable(1);
    using optimizer = make();
    optimizer.setLearningRate(0);
    optimizer.minimize(() => mul(x, x));
    expect(x.item()).toBe(1);
    expect(optimizer.getConfig().learningRate).toBe(0);
    expect(() => optimizer.setLearningRate(-1)).toThrow(ArgumentError);
    expect(optimizer.getClassName()).toBe(name);
  });

  it('does nothing any more once it is disposed', () => {
    using x = variable(1);
    const optimizer = make();
    optimizer.dispose();
    expect(() => optimizer.minimize(() => mul(x, x))).toThrow(DisposedError);
    expect(() => optimizer.applyGradients({})).toThrow(DisposedError);
  });
});

describe('applyGradients', () => {
  it('refuses what does not fit, before it changes anything', () => {
    using good = variable([1, 2], true, 'good');
    using other = variable([1, 2], true, 'other');
    using whole = variable(1, true, 'whole', 'int32');
    using g = tensor([1, 1]);
    using long = tensor([1, 1, 1]);
    using single = tensor([1, 1], [2], 'float32');
    using gone = variable([1, 2], true, 'gone');
    using optimizer = train.adam();
    gone.dispose();
    const before = memory();
    const apply = (last: unknown): (() => void) => {
      return () => optimizer.applyGradients([[g, good], last] as Parameters<Optimizer['applyGradients']>[0]);
    };
    expect(apply([g, good])).toThrow(/Adam\.applyGradients: variable 'good' is given twice/);
    expect(apply({ name: 'good', tensor: g })).toThrow(ArgumentError);
    expect(apply([null, other])).toThrow(GradientError);
    expect(apply([undefined, other])).toThrow(GradientError);
    expect(apply([long, other])).toThrow(ShapeError);
    expect(apply([long, other])).toThrow(/'other' has shape \[2\], its gradient \[3\]/);
    expect(apply([single, other])).toThrow(DTypeError);
    expect(apply([g, whole])).toThrow(DTypeError);
    expect(apply([g, gone])).toThrow(DisposedError);
    expect(apply([g, g])).toThrow(ArgumentError);
    expect(apply([1, other])).toThrow(ArgumentError);
    expect(apply({ name: 'nobody', tensor: g })).toThrow(/no variable named 'nobody'/);
    expect(() => optimizer.applyGradients(g as never)).toThrow(ArgumentError);
    expect(() => optimizer.applyGradients(null as never)).toThrow(ArgumentError);
    expect(memory()).toEqual(before);
    expect([...good.dataSync(), optimizer.iterations]).toEqual([1, 2, 0]);
  });

  it('takes a name only where one variable has it', () => {
    using first = variable(1, true, 'twin');
    const second = variable(1, true, 'twin');
    using g = scalar(1);
    using optimizer = train.sgd(0.5);
    expect(() => optimizer.applyGradients({ twin: g })).toThrow(/2 variables are named 'twin'/);
    expect(() => optimizer.computeGradients(() => mul(first, second))).toThrow(/two variables are named 'twin'/);
    optimizer.minimize(() => mul(first, second));
    expect([first.item(), second.item()]).toEqual([0.5, 0.5]);
    second.dispose();
    optimizer.applyGradients({ twin: g });
    expect(first.item()).toBe(0);
  });
});

describe('settings', () => {
  it('are those of tfjs', () => {
    expect(train.sgd(0.5).getConfig()).toEqual({ learningRate: 0.5 });
    expect(train.adam().getConfig()).toEqual({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  });

  it('are checked', () => {
    expect(() => train.sgd(Number.NaN)).toThrow(ArgumentError);
    expect(() => train.sgd('0.1' as never)).toThrow(/SGD: learningRate must be a finite number/);
    expect(() => train.adam(0.1, 1)).toThrow(/beta1/);
    expect(() => train.adam(0.1, 0.9, -0.1)).toThrow(/beta2/);
    expect(() => train.adam(0.1, 0.9, 0.9, -1)).toThrow(/epsilon/);
  });
});

describe('makeOptimizer', () => {
  it('hides from open tapes how a value is used', () => {
    using x = variable(1);
    using gradient = scalar(1);
    using optimizer = makeOptimizer({
      className: 'Square',
      config: { learningRate: 1 },
      slots: [],
      update: ({ value, gradient: g }) => ({ value: mul(mul(value, value), g) }),
    });
    const before = memory();
    using _tape = new GradientTape();
    optimizer.applyGradients([[gradient, x]]);
    expect(memory()).toEqual(before);
  });

  it('makes an optimizer of a formula with a slot', () => {
    using x = variable(0);
    using optimizer = makeOptimizer({
      className: 'Momentum',
      config: { learningRate: 1, momentum: 0.5 },
      slots: ['velocity'],
      update({ value, gradient, velocity }, { learningRate, momentum }) {
        const next = velocity.mul(momentum).sub(gradient.mul(learningRate));
        return { value: value.add(next), velocity: next };
      },
    });
    for (let i = 0; i < 3; i++) optimizer.minimize(() => mul(x, 1));
    // The velocities are -1, -1.5 and -1.75.
    expect(x.item()).toBe(-4.25);
  });
});
