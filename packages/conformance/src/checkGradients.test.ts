import {
  add,
  cast,
  customGrad,
  type GradSaveFunc,
  matMul,
  mul,
  NO_ATTRS,
  type NoAttrs,
  primitive,
  registerKernel,
  sin,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
} from '@wengert/core';
import { describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { GradientCheckError } from './gradientCheckError.ts';

/** The error that a check ends with. */
function found(check: () => void): GradientCheckError {
  try {
    check();
  } catch (error) {
    if (error instanceof GradientCheckError) return error;
    throw error;
  }
  throw new Error('the check passed');
}

/** tanh with a rule that uses the output cut off from the tape: right at first order only, as in tfjs. */
const detachedTanh = customGrad((x: Tensor, save: GradSaveFunc) => {
  const y = tanh(x);
  save([y]);
  return { value: y, gradFunc: (dy, [saved]) => mul(dy, sub(1, square(stopGradient(saved)))) };
});

const doubledSine = customGrad((x: Tensor) => ({ value: sin(x), gradFunc: (dy: Tensor) => mul(dy, 2) }));

describe('checkGradients', () => {
  test('passes what is right, to the third order and in both modes', () => {
    checkGradients((x, w) => tanh(matMul(x, w)), [[[0.1, 0.2]], [[0.3], [0.4]]], { order: 3 });
  });

  test('names the op, the order, the mode and the entry, and prints both Jacobians', () => {
    const error = found(() => checkGradients(doubledSine, [[0.5, 1]], { modes: ['reverse'], name: 'doubledSine' }));
    expect(error).toMatchObject({ op: 'doubledSine', order: 1, mode: 'reverse' });
    expect(error.worst).toMatchObject({ output: 'y0[1]', input: 'x0[1]', got: 2 });
    expect(error.worst?.expected).toBeCloseTo(Math.cos(1), 9);
    expect(error.message).toMatch(/doubledSine: derivative of order 1 \(reverse mode\)/);
    expect(error.message).toMatch(/by the rule:\n +2\.0+ +0\.0+\n +0\.0+ +2\.0+\nby differences:\n +0\.877583/);
  });

  test('finds a rule that is right at first order and wrong at second', () => {
    checkGradients(detachedTanh, [[0.7]], { order: 1, modes: ['reverse'] });
    expect(found(() => checkGradients(detachedTanh, [[0.7]], { order: 2, modes: ['reverse'] })).order).toBe(2);
  });

  test('finds an error in one entry of many', () => {
    const f = customGrad((x: Tensor) => ({
      value: mul(x, x),
      gradFunc: (dy: Tensor) => mul(dy, add(mul(2, x), [0, 0, 1e-4, 0])),
    }));
    expect(found(() => checkGradients(f, [[1, 2, 3, 4]], { modes: ['reverse'] })).worst).toMatchObject({
      input: 'x0[2]',
    });
  });

  test('finds a function that gives another result each time', () => {
    let calls = 0;
    const error = found(() => checkGradients((x) => mul(x, 1 + 1e-12 * calls++), [[1, 2]]));
    expect(error.message).toContain('computed again');
  });

  test('passes ints along and differentiates each output alone', () => {
    const f = (x: Tensor, k: Tensor): Tensor[] => [mul(x, cast(k, x.dtype)), sum(sin(x))];
    checkGradients(f, [[0.3, 0.4], Int32Array.of(2, 3)]);
  });

  test('sees differences where a rule sees none', () => {
    expect(() => checkGradients((x) => stopGradient(mul(x, x)), [[1]])).toThrow(GradientCheckError);
  });

  test('finds modes that disagree', () => {
    const twisted = primitive<readonly [x: Tensor], NoAttrs, Tensor>('twisted', {
      infer: ([x]) => x,
      vjp: (g) => mul(g, 2),
      jvp: ([t]) => t && mul(t, 3),
    });
    const undo = registerKernel('reference', twisted.op, ([x]) => [x.storage]);
    const error = found(() => checkGradients((x) => twisted([x], NO_ATTRS), [[0.5]], { rtol: 1e9 }));
    undo();
    expect(error.mode).toBe('both');
    expect(error.message).toContain('the modes disagree');
  });
});
