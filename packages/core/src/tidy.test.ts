import '@wengert/backend-reference';
import {
  dispose,
  disposeVariables,
  exp,
  GradientTape,
  keep,
  memory,
  mul,
  openRecorders,
  openScopes,
  Scope,
  scalar,
  sum,
  type Tensor,
  tensor,
  tidy,
  variable,
} from '@wengert/core';
import { afterEach, describe, expect, it } from 'vitest';

afterEach(() => {
  expect(openScopes()).toBe(0);
  expect(openRecorders()).toBe(0);
});

describe('tidy', () => {
  it('frees chains and lets every tensor of the result out', () => {
    const before = memory().numTensors;
    const result = tidy('a name', () => {
      const x = tensor([1, 2]);
      return { y: exp(mul(x, x)), list: [mul(x, 2)], text: 'kept' };
    });
    expect(memory().numTensors).toBe(before + 2);
    expect(result.text).toBe('kept');
    expect(result.list[0].arraySync()).toEqual([2, 4]);
    dispose(result);
    expect(memory().numTensors).toBe(before);
  });

  it('leaves kept tensors and variables alone', () => {
    const before = memory().numTensors;
    let kept: Tensor | undefined;
    const v = tidy(() => {
      kept = keep(scalar(1));
      return variable(2);
    });
    tidy(() => {
      mul(v, v);
    });
    expect(memory().numTensors).toBe(before + 2);
    expect(v.isDisposed).toBe(false);
    dispose([kept, v]);
    expect(memory().numTensors).toBe(before);
  });

  it('frees on an exception, with tapes open inside', () => {
    const before = memory();
    expect(() =>
      tidy(() => {
        const x = tensor([1, 2]);
        GradientTape.use((tape) => {
          tape.watch(x);
          const y = sum(mul(x, x));
          tape.gradient(y, x);
          tidy(() => mul(x, 2));
          throw new Error('inside');
        });
      }),
    ).toThrow('inside');
    expect(memory()).toEqual(before);
  });

  it('rejects promises and what is no function', () => {
    expect(() => tidy((async () => scalar(1)) as never)).toThrow(/Scope/);
    expect(() => tidy(3 as never)).toThrow(TypeError);
    expect(() => sum(tensor([1]), '0' as never)).toThrow(/sum: "0"/);
  });

  it('keeps what a tape still needs', () => {
    const x = tensor([1, 2]);
    const before = memory();
    const tape = new GradientTape();
    tape.watch(x);
    const y = tidy(() => sum(exp(mul(x, x))));
    expect(memory().numDataBuffers).toBeGreaterThan(before.numDataBuffers + 1);
    dispose([tape.gradient(y, x), y]);
    expect(memory()).toEqual(before);
  });

  it('releases what a tape of either form holds', () => {
    const x = tensor([1, 2]);
    const before = memory();
    {
      using tape = new GradientTape({ persistent: true });
      tape.watch(x);
      tidy(() => {
        tape.gradient(sum(exp(mul(x, x))), x);
      });
      expect(memory().numDataBuffers).toBeGreaterThan(before.numDataBuffers);
    }
    expect(memory()).toEqual(before);
  });
});

describe('Scope', () => {
  it('frees at the end of the block, but for what it keeps', () => {
    const before = memory().numTensors;
    let result: Tensor;
    {
      using scope = new Scope();
      const x = tensor([1, 2]);
      result = scope.keep(mul(x, x));
    }
    expect(memory().numTensors).toBe(before + 1);
    expect(result.arraySync()).toEqual([1, 4]);
    result.dispose();
  });

  it('serves asynchronous code by run', async () => {
    const before = memory().numTensors;
    const scope = new Scope({ detached: true });
    const x = scope.run(() => tensor([1, 2]));
    await Promise.resolve();
    const outside = tensor([0]);
    const y = scope.run(() => mul(x, x));
    expect(await y.array()).toEqual([1, 4]);
    scope.close();
    expect(x.isDisposed && y.isDisposed).toBe(true);
    expect(outside.isDisposed).toBe(false);
    outside.dispose();
    expect(() => scope.run(() => 0)).toThrow(/closed/);
    expect(memory().numTensors).toBe(before);
  });

  it('passes on an exception that left inner scopes open, and ends these', () => {
    const before = memory();
    const scope = new Scope({ detached: true });
    const outer = scope.run(() => tensor([1, 2]));
    const failing = (): void => {
      new Scope();
      mul(tensor([1, 2]), 2);
      throw new Error('inside');
    };
    expect(() => scope.run(failing)).toThrow('inside');
    expect(openScopes()).toBe(0);
    expect(memory().numTensors).toBe(before.numTensors + 1);
    expect(outer.arraySync()).toEqual([1, 2]);
    scope.close();
    expect(memory()).toEqual(before);
  });

  it('rejects closing out of order, and stays usable', () => {
    const outer = new Scope();
    const inner = new Scope();
    expect(() => outer.close()).toThrow(/out of order/);
    inner.close();
    outer.close();
  });
});

describe('a disposed tensor', () => {
  it('names the op and the way out', () => {
    const x = tensor([1, 2]);
    x.dispose();
    x.dispose();
    expect(() => mul(x, 2)).toThrow(/mul: .*\[2\].*disposed/);
    expect(() => x.dataSync()).toThrow(/dataSync: .*float64.*\[2\].*disposed/);
  });

  it('can be read by a read that began before', async () => {
    const x = tensor([1, 2]);
    const data = x.data();
    x.dispose();
    expect([...(await data)]).toEqual([1, 2]);
  });
});

describe('disposeVariables', () => {
  it('disposes the variables that are in use, also of one name, and nothing else', () => {
    const x = tensor([1, 2]);
    const twins = [1, 2].map((value) => variable(value, true, 'twin'));
    const frozen = variable(x, false);
    disposeVariables();
    expect([...twins, frozen].map((v) => v.isDisposed)).toEqual([true, true, true]);
    expect(x.isDisposed).toBe(false);
    x.dispose();
  });
});

describe('reads', () => {
  it('are copies that the caller owns, or lent', () => {
    const x = tensor([1, 2]);
    const data = x.dataSync();
    data[0] = 9;
    expect(x.arraySync()).toEqual([1, 2]);
    expect(x.borrow((view) => view[1])).toBe(2);
    expect(scalar(3).item()).toBe(3);
    expect(() => x.item()).toThrow(/\[2\]/);
  });
});
