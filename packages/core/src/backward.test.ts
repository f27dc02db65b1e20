import '@wengert/backend-reference';
import {
  type CustomGradients,
  customGrad,
  grad,
  keep,
  memory,
  mul,
  scalar,
  sum,
  type Tensor,
  tensor,
  variable,
} from '@wengert/core';
import { describe, expect, it } from 'vitest';

/** The gradient of a function through a custom one with this pullback. */
function through(gradFunc: (dy: Tensor) => CustomGradients): unknown {
  const custom = customGrad((x: Tensor) => ({ value: mul(x, x), gradFunc }));
  const g = grad((x) => sum(custom(mul(x, 2))))([1, 2]);
  const values = g.arraySync();
  g.dispose();
  return values;
}

describe('a pullback', () => {
  it('may return what is not its own, time and again', () => {
    const before = memory();
    for (const outside of [tensor([3, 4]), variable([3, 4])]) {
      expect(through(() => outside)).toEqual([6, 8]);
      expect(through(() => [outside])).toEqual([6, 8]);
      expect(outside.arraySync()).toEqual([3, 4]);
      outside.dispose();
    }
    expect(memory()).toEqual(before);
  });

  it('may keep its cotangent and its result', () => {
    const before = memory();
    const kept: Tensor[] = [];
    const noted = (x: Tensor): Tensor => {
      kept.push(keep(x));
      return x;
    };
    expect(through((dy) => mul(noted(dy), 5))).toEqual([10, 10]);
    expect(through((dy) => noted(dy))).toEqual([2, 2]);
    expect(through((dy) => noted(mul(dy, 5)))).toEqual([10, 10]);
    expect(kept.map((x) => x.arraySync())).toEqual([
      [1, 1],
      [1, 1],
      [5, 5],
    ]);
    for (const x of kept) x.dispose();
    expect(memory()).toEqual(before);
  });

  it('leaves what it keeps unchanged where its result is added to another', () => {
    let kept: Tensor | undefined;
    const custom = customGrad((x: Tensor) => ({
      value: mul(x, 1),
      gradFunc(dy: Tensor) {
        kept = keep(mul(dy, 3));
        return kept;
      },
    }));
    for (const f of [(x: Tensor) => mul(x, custom(x)), (x: Tensor) => mul(custom(x), x)]) {
      grad(f)(2);
      expect(kept?.item()).toBe(6);
    }
  });
});

it('the value of a function stays where it was kept', () => {
  let kept: Tensor | undefined;
  grad((x) => {
    kept = keep(mul(x, x));
    return kept;
  })(scalar(3));
  expect(kept?.item()).toBe(9);
});
