import '@wengert/backend-reference';
import { einsum, grad, losses, memory, meshgrid, Reduction, type Tensor, tensor, variable } from '@wengert/core';
import { expect, it } from 'vitest';

const UNCHANGED: readonly [name: string, op: (x: Tensor) => Tensor][] = [
  ['einsum', (x) => einsum('i->i', x)],
  ['computeWeightedLoss', (x) => losses.computeWeightedLoss(x, null, Reduction.NONE)],
  ['meshgrid', (x) => meshgrid(x)[0]],
];

it.each(UNCHANGED)('%s gives a handle of its own where it changes nothing', (_, op) => {
  const before = memory();
  for (const x of [tensor([1, 2]), variable([1, 2])]) {
    const y = op(x);
    expect(y).not.toBe(x);
    y.dispose();
    expect(x.arraySync()).toEqual([1, 2]);
    x.dispose();
  }
  expect(memory()).toEqual(before);
  expect(grad((x) => op(x).square())([1, 2]).arraySync()).toEqual([2, 4]);
});
