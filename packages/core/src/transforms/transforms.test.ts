import '@wengert/backend-reference';
import {
  argMax,
  cast,
  checkNumerics,
  checkpoint,
  customGrad,
  div,
  exp,
  type GradSaveFunc,
  grad,
  grads,
  hessian,
  hvp,
  jacobian,
  jvp,
  less,
  linearize,
  log,
  matMul,
  memory,
  mul,
  observe,
  onesLike,
  openRecorders,
  openScopes,
  prod,
  scalar,
  sin,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  tidy,
  valueAndGrad,
  valueAndGrads,
  variable,
  variableGrads,
  vjp,
  where,
} from '@wengert/core';
import { afterEach, describe, expect, it } from 'vitest';

const values = (x: Tensor | null): unknown => x?.arraySync() ?? null;
const number = (x: Tensor): number => x.arraySync() as number;

afterEach(() => {
  expect(openRecorders()).toBe(0);
  expect(openScopes()).toBe(0);
});

describe("tfjs's transforms", () => {
  it('sum a vector, or weigh it by dy', () => {
    const f = (x: Tensor): Tensor => mul(x, x);
    expect(values(grad(f)([1, 2]))).toEqual([2, 4]);
    expect(values(grad(f)([1, 2], [1, 10]))).toEqual([2, 40]);
    expect(() => grad(f)([1, 2], [1, 2, 3])).toThrow(/dy.*\[3\].*\[2\]/);
  });

  it('give ints and bools float gradients', () => {
    const g = grad((x) => mul(x, x))(tensor([2, 3], [2], 'int32'));
    expect(g.dtype).toBe('float64');
    expect(values(g)).toEqual([4, 6]);
    expect(values(grad((x) => mul(cast(x, 'float64'), 3))(tensor([true, false])))).toEqual([3, 3]);
  });

  it('throw where an argument is wholly unconnected', () => {
    expect(() => grad(() => scalar(1))(2)).toThrow(/does not depend on argument 0/);
    expect(() => grads((x) => mul(x, x))([1, 2])).toThrow(/argument 1/);
  });

  it('give zeros where an argument counts only through ops without a derivative', () => {
    expect(values(grad((x) => cast(argMax(x), 'float64'))([1, 2]))).toEqual([0, 0]);
    expect(values(grad((x) => onesLike(x))([1, 2]))).toEqual([0, 0]);
    expect(values(grad((x) => where(less(x, 2), 3, 4))([1, 2]))).toEqual([0, 0]);
    expect(grad((x) => x.oneHot(3))(tensor([1], [1], 'int32')).dtype).toBe('float64');
  });

  it('give value and gradients together', () => {
    const { value, grad: g } = valueAndGrad((x) => mul(x, x))(3);
    expect([values(value), values(g)]).toEqual([9, 6]);
    const both = valueAndGrads((x, y) => mul(x, y))([2, 5]);
    expect([values(both.value), ...both.grads.map(values)]).toEqual([10, 5, 2]);
  });

  it('give the gradients of variables by name', () => {
    const [v, w] = [variable(3, true, 'v'), variable(2, true, 'w')];
    const { value, grads: named } = variableGrads(() => mul(v, mul(v, w)));
    expect(values(value)).toBe(18);
    expect([values(named.v), values(named.w)]).toEqual([12, 9]);
    expect(Object.keys(variableGrads(() => mul(v, w), [w]).grads)).toEqual(['w']);
    expect(() => variableGrads(() => mul([1, 2], v))).toThrow(/scalar.*\[2\]/);
    expect(() => variableGrads(() => scalar(1))).toThrow(/no trainable variable/);
    expect(() => variableGrads(() => mul(v, v), [3 as never])).toThrow(TypeError);
  });

  it('do not confuse perturbations', () => {
    expect(number(grad((x) => mul(x, grad((y) => mul(x, y))(1)))(3))).toBe(6);
    expect(number(grad((x) => mul(x, grad((y) => x.add(y))(1)))(5))).toBe(1);
    const x = scalar(2);
    expect(number(grad((y) => mul(grad((z) => mul(z, mul(z, y)))(x), y))(x))).toBe(16);
  });

  it('refuse functions that return no tensor', () => {
    expect(() => grad((() => 3) as never)(1)).toThrow(TypeError);
    expect(() => grad(3 as never)(1)).toThrow(TypeError);
    expect(() => grads((x) => x)(scalar(1) as never)).toThrow(/array/);
  });
});

describe('vjp, jvp, linearize', () => {
  const f = (x: Tensor, y: Tensor): Tensor => mul(sin(x), y);

  it('agree with each other', () => {
    const primals = [tensor([0.3, 0.4]), tensor([2, 3])] as const;
    const tangents = [tensor([1, -1]), tensor([0.5, 2])] as const;
    const [y, pull] = vjp(f, primals);
    const [y2, t] = jvp(f, primals, tangents);
    const [y3, push] = linearize(f, primals);
    expect(values(y)).toEqual(values(y2));
    expect(values(y)).toEqual(values(y3));
    const t3 = push(...tangents);
    (values(t) as number[]).forEach((one, i) => {
      expect((values(t3) as number[])[i]).toBeCloseTo(one, 12);
    });
    const g = tensor([0.7, -0.2]);
    const [gx, gy] = pull(g);
    const left = number(sum(mul(g, t)));
    const right = number(sum(mul(gx, tangents[0]))) + number(sum(mul(gy, tangents[1])));
    expect(left).toBeCloseTo(right, 12);
    expect(values(pull(g)[0])).toEqual(values(gx));
    pull[Symbol.dispose]();
    expect(() => pull(g)).toThrow(/disposed/);
  });

  it('take and return structures, give zeros for the unused and hand aux through', () => {
    const [y, pull, aux] = vjp(
      ({ a }: { a: Tensor; b: Tensor }) => [{ out: mul(a, a) }, 'aux'] as const,
      [{ a: scalar(3), b: scalar(1) }],
      {
        hasAux: true,
      },
    );
    expect(aux).toBe('aux');
    expect(values(y.out)).toBe(9);
    const [g] = pull({ out: scalar(1) });
    expect([values(g.a), values(g.b)]).toEqual([6, 0]);
    expect(() => vjp(() => scalar(1), scalar(1) as object as Tensor[])).toThrow(/vjp: give the primals in an array/);
    expect(() => vjp((x: Tensor) => x as never, [scalar(1)], { hasAux: true })).toThrow(/pair/);
  });

  it('check tangents and cotangents', () => {
    const x = tensor([1, 2]);
    expect(() => jvp((y: Tensor) => y, [x], [scalar(1)])).toThrow(/\[\].*\[2\]/);
    const [, pull] = vjp((y: Tensor) => mul(y, y), [x]);
    expect(() => pull(scalar(1))).toThrow(/\[\].*\[2\]/);
  });
});

describe('jacobian, hessian, hvp', () => {
  const f = (x: Tensor): Tensor => sum(mul(mul(x, exp(x)), x));

  it('agree in both modes', () => {
    const g = (x: Tensor): Tensor => mul(x, sum(exp(x)));
    const [reverse, forward] = (['reverse', 'forward'] as const).map((mode) => jacobian(g, { mode })([0.1, 0.2, 0.3]));
    (forward.dataSync() as Float64Array).forEach((value, i) => {
      expect(reverse.dataSync()[i]).toBeCloseTo(value, 12);
    });
  });

  it('agree between forward over reverse and reverse over reverse', () => {
    const x = tensor([0.3, -0.4]);
    const a = hessian(f)(x).dataSync();
    const b = jacobian((y) => grad(f)(y))(x).dataSync();
    const c = hvp(f, x, tensor([0, 1])).dataSync();
    a.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 12);
    });
    expect(c[1]).toBeCloseTo(a[3], 12);
  });

  it('find a Hessian times a vector without the gradient, whose products are as large as the weights', () => {
    const [x, w, v] = [tensor([[1, 2]]), tensor([[1], [-1]]), tensor([[2], [0]])];
    const products: string[] = [];
    const stop = observe(({ op }) => products.push(op));
    const h = hvp((weights) => sum(square(matMul(x, weights))), w, v);
    stop();
    expect(values(h)).toEqual([[4], [8]]);
    // The values, their tangents, and the product with the cotangent.
    expect(products.filter((op) => op === 'matMul').length).toBe(3);
  });

  it('take nested structures', () => {
    const h = hessian(({ a, b }: { a: Tensor; b: Tensor }) => sum(mul(mul(a, a), b)))({
      a: tensor([1, 2]),
      b: scalar(3),
    });
    expect(values(h.a.a)).toEqual([
      [6, 0],
      [0, 6],
    ]);
    expect(values(h.a.b)).toEqual([2, 4]);
    expect(values(h.b.a)).toEqual([2, 4]);
    expect(values(h.b.b)).toBe(0);
  });

  it('differentiate prod exactly with two zeros', () => {
    const h = hessian((x: Tensor) => prod(x))([2, 0, 3, 0, 5]).arraySync() as number[][];
    expect(h[1][3]).toBe(30);
    expect(h[3][1]).toBe(30);
    expect(h[0][1]).toBe(0);
  });

  it('want a scalar for a Hessian', () => {
    expect(() => hessian((x: Tensor) => mul(x, x))([1, 2])).toThrow(/scalar.*\[2\]/);
  });
});

describe('customGrad', () => {
  const clipped = customGrad((x: Tensor, save: GradSaveFunc) => {
    save([x]);
    return { value: mul(x, x), gradFunc: (dy: Tensor, [saved]: Tensor[]) => mul(dy, mul(saved, 10)) };
  });

  it('uses its pullback, which higher orders differentiate', () => {
    expect(number(grad((x) => clipped(x))(3))).toBe(30);
    expect(number(grad(grad((x) => clipped(x)))(3))).toBe(10);
  });

  it('connects a saved value', () => {
    const same = customGrad((x: Tensor, save: GradSaveFunc) => {
      const y = exp(x);
      save([y]);
      return { value: y, gradFunc: (dy: Tensor, [saved]: Tensor[]) => mul(dy, saved) };
    });
    expect(number(grad(grad((x) => mul(x, same(x))))(0.5))).toBeCloseTo(2.5 * Math.exp(0.5), 12);
  });

  it('refuses forward mode, wrong counts and wrong shapes', () => {
    expect(() => jvp((x: Tensor) => clipped(x), [scalar(1)], [scalar(1)])).toThrow(/no forward mode/);
    const many = customGrad((x: Tensor) => ({ value: mul(x, 1), gradFunc: (dy: Tensor) => [dy, dy] }));
    expect(() => grad((x) => many(x))(1)).toThrow(/2 gradients for 1 inputs/);
    const wide = customGrad((x: Tensor) => ({ value: mul(x, 1), gradFunc: () => tensor([1, 2]) }));
    expect(() => grad((x) => wide(x))(1)).toThrow(/customGrad.*\[2\]/);
    expect(customGrad((() => 3) as never) as () => Tensor).toThrow(TypeError);
  });

  it('wants the gradients of variables that it reads', () => {
    const v = variable(3, true, 'v');
    const silent = customGrad((x: Tensor) => ({ value: mul(x, v), gradFunc: (dy: Tensor) => mul(dy, v) }));
    expect(() => grad((x) => silent(x))(2)).toThrow(/1 trainable variables/);
    const honest = customGrad((x: Tensor) => ({
      value: mul(x, v),
      gradFunc: (dy: Tensor) => ({ inputs: mul(dy, v), variables: [mul(dy, x)] }),
    }));
    expect(number(variableGrads(() => honest(2)).grads.v)).toBe(2);
  });
});

describe('checkpoint', () => {
  it('has the derivatives of the function, at every order and in both modes', () => {
    const f = (x: Tensor): Tensor => mul(x, tanh(x));
    const g = checkpoint(f);
    expect(number(grad(g)(0.7))).toBeCloseTo(number(grad(f)(0.7)), 12);
    expect(number(grad(grad(g))(0.7))).toBeCloseTo(0.7324165629, 9);
    expect(number(jvp(g, [scalar(0.7)], [scalar(1)])[1])).toBeCloseTo(number(grad(f)(0.7)), 12);
  });

  it('differentiates the variables inside', () => {
    const v = variable(3, true, 'v');
    expect(number(variableGrads(() => checkpoint((x: Tensor) => mul(mul(v, v), x))(scalar(2))).grads.v)).toBe(12);
  });
});

describe('checkNumerics', () => {
  it('names the op that made the first NaN or infinity, forward and backward', () => {
    expect(() => checkNumerics(() => log(0))).toThrow(/'log' made -Infinity.*float64\[\]/);
    expect(() => checkNumerics(() => grad((x) => mul(x, x).sqrt())(0))).toThrow(/in the gradient of 'sqrt'/);
    expect(number(checkNumerics(() => div(1, scalar(4))))).toBe(0.25);
  });
});

describe('memory', () => {
  it('is back after every transform', () => {
    const x = tensor([0.1, 0.2]);
    const f = (y: Tensor): Tensor => sum(mul(y, tanh(y)));
    const v = variable(2);
    const runs: (() => unknown)[] = [
      () => grad(f)(x),
      () => grad((y) => sum(grad(f)(y)))(x),
      () => hessian(f)(x),
      () => hvp(f, x, x),
      () => jacobian((y) => tanh(y), { mode: 'forward' })(x),
      () => jvp(f, [x], [x]),
      () => {
        const [, pull] = vjp(f, [x]);
        pull(scalar(1));
        pull[Symbol.dispose]();
      },
      () => {
        const [, push] = linearize(f, [x]);
        push(x);
        push[Symbol.dispose]();
      },
      () => grad(checkpoint(f))(x),
      () => variableGrads(() => mul(v, v)),
      () => {
        expect(() => grad(() => x.reshape([7]))(x)).toThrow();
      },
    ];
    for (const run of runs) {
      const before = memory();
      tidy(() => {
        run();
      });
      expect(memory()).toEqual(before);
    }
  });
});
