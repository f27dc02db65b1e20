import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { expect, it } from 'vitest';

/** How many products of the size of x a pullback to `sources` needs. */
function products(x: w.Tensor, sources: readonly w.Tensor[], y: () => w.Tensor): number {
  using tape = new w.GradientTape();
  tape.watch(sources);
  const target = y();
  let found = 0;
  const stop = w.observe(({ op, outputs }) => {
    if (op === 'mul' && w.sizeOf(outputs[0].shape) === x.size) found++;
  });
  expect(tape.gradient(target, sources)).not.toContain(null);
  stop();
  return found;
}

it('computes the cotangent of x only where x needs one', () => {
  const x = w.ones([3, 4]);
  const [mean, variance, offset, scale] = [0, 1, 2, 3].map((value) => w.fill([4], value));
  const y = (): w.Tensor => w.batchNorm(x, mean, variance, offset, scale);
  expect(products(x, [x], y)).toBe(1);
  expect(products(x, [x, mean, offset], y)).toBe(2);
  expect(products(x, [mean, offset], y)).toBe(1);
});
