import '@wengert/backend-reference';
import { add, memory, mul, setBackend, square, sum, type Tensor, tensor, variable } from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { AdamOptimizer, type Optimizer, SGDOptimizer, schedules, train } from './index.ts';

beforeAll(() => setBackend('reference'));

const kinds: readonly [name: string, make: () => Optimizer][] = [
  ['momentum', () => train.momentum(0.01, 0.9)],
  ['adagrad', () => train.adagrad(0.1)],
  ['adadelta', () => train.adadelta(0.5)],
  ['rmsprop', () => train.rmsprop(0.01, 0.9, 0.5, null, true)],
  ['adam', () => train.adam(0.05)],
  ['adamax', () => train.adamax(0.05, 0.9, 0.99, null, 0.1)],
  ['adamw', () => train.adamw(0.05)],
  ['lion', () => train.lion(0.01)],
];

const cost = (x: Tensor, y: Tensor): Tensor => add(sum(square(x)), mul(y, sum(x)));

function run(optimizer: Optimizer, x: Tensor, y: Tensor, steps: number): void {
  for (let i = 0; i < steps; i++) optimizer.minimize(() => cost(x, y));
}

describe.each(kinds)('the state of %s', (_name, make) => {
  it('continues where it was saved, and leaves nothing behind', async () => {
    const before = memory();
    {
      using x = variable([1, -2], true, 'x');
      using y = variable(0.5, true, 'y');
      using first = make();
      run(first, x, y, 5);
      const saved = await first.getWeights();
      expect(saved[0].name).toBe('iter');
      const [atX, atY] = [x.dataSync(), y.dataSync()];
      run(first, x, y, 5);
      const wanted = [...x.dataSync(), ...y.dataSync()];

      using start = tensor(atX);
      using start2 = tensor(atY, []);
      x.assign(start);
      y.assign(start2);
      using second = make();
      await second.setWeights(saved);
      for (const { tensor: one } of saved) one.dispose();
      expect(second.iterations).toBe(5);
      run(second, x, y, 5);
      expect([...x.dataSync(), ...y.dataSync()]).toEqual(wanted);
    }
    expect(memory()).toEqual(before);
  });
});

describe('saved state', () => {
  it('that is not used is given up', async () => {
    using kept = tensor([1, 2]);
    using iter = tensor(3, [], 'int32');
    const before = memory();
    const optimizer = train.momentum(0.1, 0.9);
    await optimizer.setWeights([
      { name: 'iter', tensor: iter },
      { name: 'z/momentum', tensor: kept },
    ]);
    optimizer.dispose();
    expect(memory()).toEqual(before);
  });

  it('must fit', async () => {
    using x = variable([1, 2], true, 'fits');
    using optimizer = train.momentum(0.1, 0.9);
    using wrong = tensor([1, 2, 3]);
    using iter = tensor(1, [], 'int32');
    await expect(optimizer.setWeights([{ name: 'fits/momentum', tensor: wrong }])).rejects.toThrow("'iter'");
    await optimizer.setWeights([
      { name: 'iter', tensor: iter },
      { name: 'fits/momentum', tensor: wrong },
    ]);
    expect(() => optimizer.minimize(() => sum(x))).toThrow(/fits\/momentum.*\[3\].*\[2\]/);
  });
});

describe('settings', () => {
  it('make the same optimizer again', () => {
    using first = train.adam(0.02, 0.8, 0.9, 1e-4);
    using again = AdamOptimizer.fromConfig(AdamOptimizer, first.getConfig());
    expect(again.getConfig()).toEqual(first.getConfig());
    expect(again instanceof AdamOptimizer).toBe(true);
    expect(again instanceof SGDOptimizer).toBe(false);
    expect({} instanceof SGDOptimizer).toBe(false);
  });
});

describe('schedules', () => {
  it.each<[string, schedules.Schedule, readonly number[], readonly number[]]>([
    ['exponential', schedules.exponentialDecay(2, 10, 0.25), [0, 5, 10], [2, 1, 0.5]],
    ['in steps', schedules.exponentialDecay(2, 10, 0.25, true), [0, 9, 10, 19], [2, 2, 0.5, 0.5]],
    ['cosine', schedules.cosineDecay(4, 10, 0.5), [0, 5, 10, 99], [4, 3, 2, 2]],
    ['piecewise', schedules.piecewiseConstant([3, 5], [1, 2, 3]), [0, 3, 4, 5, 6], [1, 1, 2, 2, 3]],
    ['warm', schedules.warmup(4, 2, 1), [0, 2, 4, 9], [1, 1.5, 2, 2]],
  ])('%s', (_name, schedule, steps, rates) => {
    for (const [i, step] of steps.entries()) expect(schedule(step)).toBeCloseTo(rates[i], 12);
  });

  it('are asked with the number of steps taken', () => {
    using x = variable(0);
    using optimizer = train.sgd((step) => 10 ** step);
    const found = [1, 2, 3].map(() => {
      optimizer.minimize(() => mul(x, -1));
      return x.item();
    });
    expect(found).toEqual([1, 11, 111]);
  });

  it('refuse what makes no sense', () => {
    expect(() => schedules.cosineDecay(1, 0)).toThrow('decaySteps');
    expect(() => schedules.exponentialDecay(1, -1, 0.5)).toThrow('decaySteps');
    expect(() => schedules.piecewiseConstant([1, 1], [1, 2, 3])).toThrow('ascending');
    expect(() => schedules.warmup(0, 1)).toThrow('warmupSteps');
  });
});
