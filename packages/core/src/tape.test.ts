import '@wengert/backend-reference';
import {
  add,
  argMax,
  cast,
  exp,
  GradientTape,
  memory,
  mul,
  ones,
  onesLike,
  openRecorders,
  ShapeError,
  scalar,
  sum,
  type Tensor,
  tanh,
  tensor,
  tidy,
  variable,
  zerosLike,
} from '@wengert/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { platform } from './platform.ts';

const values = (x: Tensor | null): unknown => x?.arraySync() ?? null;

/** Records `f` and closes the tape. */
function recorded<R>(tape: GradientTape, f: () => R): R {
  const result = f();
  tape.close();
  return result;
}

afterEach(() => {
  vi.restoreAllMocks();
  expect(openRecorders()).toBe(0);
});

describe('what a tape records', () => {
  it('records only ops on watched tensors, and only after the watch', () => {
    const [x, y] = [scalar(2), scalar(3)];
    const tape = new GradientTape({ persistent: true });
    const before = mul(x, x);
    tape.watch(x);
    const z = mul(x, y);
    tape.close();
    expect(values(tape.gradient(before, x))).toBeNull();
    expect(values(tape.gradient(z, x))).toBe(3);
    expect(values(tape.gradient(z, y))).toBeNull();
  });

  it('loses what happens after closing and between closing and opening again', () => {
    const x = scalar(2);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const first = mul(x, x);
    tape.close();
    const gap = mul(x, 10);
    tape.open();
    const second = mul(x, first);
    tape.close();
    expect(values(tape.gradient(gap, x))).toBeNull();
    expect(values(tape.gradient(second, x))).toBe(12);
  });

  it('watches per tape', () => {
    const x = scalar(2);
    const outer = new GradientTape();
    const inner = new GradientTape();
    inner.watch(x);
    const y = mul(x, x);
    inner.close();
    outer.close();
    expect(values(inner.gradient(y, x))).toBe(4);
    expect(values(outer.gradient(y, x))).toBeNull();
  });

  it('may be closed out of order', () => {
    const x = scalar(2);
    const outer = new GradientTape();
    outer.watch(x);
    const inner = new GradientTape();
    inner.watch(x);
    const y = mul(x, x);
    outer.close();
    const z = mul(y, x);
    inner.close();
    expect(values(outer.gradient(y, x))).toBe(4);
    expect(values(inner.gradient(z, x))).toBe(12);
  });

  it('passes over ints with a warning, at most five times', () => {
    const warn = vi.spyOn(platform.console, 'warn').mockImplementation(() => undefined);
    const n = tensor([1, 2], [2], 'int32');
    using tape = new GradientTape();
    for (let i = 0; i < 8; i++) tape.watch(n);
    expect(warn).toHaveBeenCalledTimes(5);
    expect(values(tape.gradient(mul(n, n), n))).toBeNull();
  });

  it('refuses to watch what is no tensor', () => {
    using tape = new GradientTape();
    expect(() => tape.watch(3 as never)).toThrow(TypeError);
    expect(() => tape.watch([scalar(1), null] as never)).toThrow(/GradientTape.watch/);
  });

  it('drops everything on reset, which is an error outside recording', () => {
    const x = scalar(2);
    const tape = new GradientTape();
    tape.watch(x);
    const y = mul(x, x);
    tape.reset();
    expect(values(tape.gradient(y, x))).toBeNull();
    expect(() => tape.reset()).toThrow(/not recording/);
  });

  it('refuses to open while it records', () => {
    using tape = new GradientTape();
    expect(() => tape.open()).toThrow(/already recording/);
  });
});

describe('stopRecording', () => {
  it('pauses, and resumes after an exception', () => {
    const x = scalar(2);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const hidden = tape.stopRecording(() => mul(x, x));
    expect(() =>
      tape.stopRecording(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    const seen = mul(x, x);
    tape.close();
    expect(values(tape.gradient(hidden, x))).toBeNull();
    expect(values(tape.gradient(seen, x))).toBe(4);
    expect(() => tape.stopRecording(() => 0)).toThrow(/not recording/);
  });

  it('makes a gradient taken inside a constant', () => {
    const x = scalar(2);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const y = mul(mul(x, x), x);
    const slope = tape.stopRecording(() => tape.gradient(y, x));
    const z = mul(slope as Tensor, x);
    tape.close();
    expect(values(tape.gradient(z, x))).toBe(12);
  });
});

describe('gradient', () => {
  it('has the structure of the sources, repeated ones in full', () => {
    const [x, y] = [scalar(2), scalar(5)];
    using tape = new GradientTape();
    tape.watch({ x, y });
    const g = tape.gradient(mul(x, y), { a: [x, x], b: y });
    expect(values(g.a[0])).toBe(5);
    expect(values(g.a[1])).toBe(5);
    expect(values(g.b)).toBe(2);
    g.a[0]?.dispose();
    expect(values(g.a[1])).toBe(5);
  });

  it('sums nested targets of any shape', () => {
    const x = tensor([1, 2]);
    using tape = new GradientTape();
    tape.watch(x);
    expect(values(tape.gradient({ a: mul(x, x), b: [mul(x, 3)] }, x))).toEqual([5, 7]);
  });

  it('gives ones for a tensor by itself, even unwatched, and [] for []', () => {
    const x = tensor([1, 2]);
    const tape = new GradientTape({ persistent: true });
    tape.close();
    expect(values(tape.gradient(x, x))).toEqual([1, 1]);
    expect(tape.gradient(x, [])).toEqual([]);
  });

  it('gives null, or zeros, where nothing is connected', () => {
    const [x, y] = [tensor([1, 2]), scalar(1)];
    const tape = new GradientTape({ persistent: true });
    tape.watch([x, y]);
    const z = mul(x, 2);
    const hit = argMax(x);
    const like = add(zerosLike(x), onesLike(x));
    const host = tensor(mul(x, x).arraySync() as number[]);
    tape.close();
    for (const target of [hit, like, host]) expect(values(tape.gradient(target, x))).toBeNull();
    expect(values(tape.gradient(z, y))).toBeNull();
    expect(values(tape.gradient(z, y, { unconnectedGradients: 'zero' }))).toBe(0);
  });

  it('has no second derivative of a linear function, or zeros', () => {
    const x = scalar(2);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const inner = new GradientTape();
    inner.watch(x);
    const y = mul(x, 3);
    const slope = inner.gradient(y, x) as Tensor;
    tape.close();
    expect(values(tape.gradient(slope, x))).toBeNull();
    expect(values(tape.gradient(slope, x, { unconnectedGradients: 'zero' }))).toBe(0);
  });

  it("has the source's dtype across casts", () => {
    const x = tensor([1, 2], [2], 'float32');
    using tape = new GradientTape();
    tape.watch(x);
    const g = tape.gradient(mul(cast(x, 'float64'), tensor([3, 4], [2], 'float64')), x);
    expect(g?.dtype).toBe('float32');
    expect(values(g)).toEqual([3, 4]);
  });

  it('weighs targets by outputGradients', () => {
    const x = tensor([1, 2]);
    using tape = new GradientTape();
    tape.watch(x);
    expect(values(tape.gradient(mul(x, x), x, { outputGradients: tensor([1, 10]) }))).toEqual([2, 40]);
  });

  it('refuses wrong arguments without being spent', () => {
    const x = tensor([1, 2]);
    const tape = new GradientTape();
    tape.watch(x);
    const y = recorded(tape, () => mul(x, x));
    expect(() => tape.gradient(y, x, { outputGradients: scalar(1) })).toThrow(/\[\].*\[2\]/);
    expect(() => tape.gradient(y, x, { outputGradients: [ones([2]), ones([2])] })).toThrow(/2 outputGradients for 1/);
    expect(() => tape.gradient(y, x, { outputGradients: ones([2], 'float32') })).toThrow(/float32.*float64/);
    expect(() => tape.gradient(y, null as never)).toThrow(TypeError);
    expect(() => tape.gradient(3 as never, x)).toThrow(TypeError);
    expect(() => tape.gradient(y, x, { unconnectedGradients: 'zeros' as 'zero' })).toThrow(/'none' or 'zero'/);
    expect(values(tape.gradient(y, x))).toEqual([2, 4]);
  });

  it('spends a tape that is not persistent, and opening it again starts afresh', () => {
    const x = scalar(3);
    const tape = new GradientTape();
    tape.watch(x);
    const y = mul(x, x);
    tape.gradient(y, x);
    expect(() => tape.gradient(y, x)).toThrow(/persistent: true/);
    tape.open();
    const unwatched = mul(x, x);
    expect(values(tape.gradient(unwatched, x))).toBeNull();
  });

  it('warns once when a persistent tape records its own gradient', () => {
    const warn = vi.spyOn(platform.console, 'warn').mockImplementation(() => undefined);
    const x = scalar(2);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const y = mul(mul(x, x), x);
    const slope = tape.gradient(y, x) as Tensor;
    expect(values(tape.gradient(slope, x))).toBe(12);
    tape.close();
    expect(warn.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('follows saved outputs to every order', () => {
    const x = scalar(0.7);
    using outer = new GradientTape();
    outer.watch(x);
    using inner = new GradientTape();
    inner.watch(x);
    const y = mul(x, tanh(x));
    const slope = inner.gradient(y, x) as Tensor;
    expect(values(outer.gradient(slope, x))).toBeCloseTo(0.7324165629, 9);
  });

  it('survives the disposal of everything that it needs', () => {
    const x = tensor([1, 2]);
    const tape = new GradientTape();
    tape.watch(x);
    const y = tidy(() => sum(mul(exp(x), exp(x))));
    tape.close();
    const [a, b] = [2 * Math.exp(2), 2 * Math.exp(4)];
    const g = tape.gradient(y, x);
    expect((values(g) as number[])[0]).toBeCloseTo(a, 10);
    expect((values(g) as number[])[1]).toBeCloseTo(b, 10);
  });
});

describe('variables', () => {
  it('are watched when read, if trainable and asked for', () => {
    const [v, w] = [variable(3), variable(4, false)];
    using tape = new GradientTape();
    const y = mul(v, w);
    expect(tape.watchedVariables()).toEqual([v]);
    const [gv, gw] = tape.gradient(y, [v, w]);
    expect(values(gv)).toBe(4);
    expect(values(gw)).toBeNull();
    expect(tape.watchedVariables()).toEqual([v]);
    using blind = new GradientTape({ watchAccessedVariables: false });
    expect(values(blind.gradient(mul(v, v), v))).toBeNull();
    using explicit = new GradientTape({ watchAccessedVariables: false });
    explicit.watch(w);
    expect(values(explicit.gradient(mul(w, w), w))).toBe(8);
  });

  it('are listed in the order in which they were made', () => {
    const [a, b] = [variable(1), variable(2)];
    using tape = new GradientTape();
    mul(b, b);
    mul(a, a);
    expect(tape.watchedVariables()).toEqual([a, b]);
  });

  it('give the sum over all reads, each with the value of its moment', () => {
    const v = variable(2);
    using tape = new GradientTape();
    const first = mul(v, v);
    v.assign(5);
    const second = mul(v, v);
    expect(values(tape.gradient(add(first, second), v))).toBe(4 + 10);
  });

  it('leave nothing behind when host values are assigned, fitting or not', () => {
    using v = variable([1, 2]);
    const before = memory();
    v.assign([3, 4]);
    expect(() => v.assign([1, 2, 3])).toThrow(ShapeError);
    expect(v.dataSync()).toEqual(Float64Array.of(3, 4));
    expect(memory()).toEqual(before);
  });

  it('pass no gradient through assign', () => {
    const [v, x] = [variable(2), scalar(3)];
    using tape = new GradientTape();
    tape.watch(x);
    v.assign(mul(x, x));
    expect(values(tape.gradient(mul(v, 2), x))).toBeNull();
  });

  it('refuse values that do not fit', () => {
    const v = variable([1, 2], true, 'weights');
    expect(() => v.assign([1, 2, 3])).toThrow(/weights.*\[2\].*\[3\]/);
    expect(() => v.assign(tensor([1, 2], [2], 'int32'))).toThrow(/weights.*int32/);
  });
});

describe('jacobian and batchJacobian', () => {
  it('has shape target ++ source, in the structure of the sources', () => {
    const [x, y] = [tensor([1, 2]), scalar(3)];
    using tape = new GradientTape();
    tape.watch([x, y]);
    const z = mul(mul(x, x), y);
    const j = tape.jacobian(z, { x, y, free: scalar(1) });
    expect(values(j.x)).toEqual([
      [6, 0],
      [0, 12],
    ]);
    expect(values(j.y)).toEqual([1, 4]);
    expect(values(j.free)).toBeNull();
  });

  it('takes rows of a batch at once, with zeros where nothing is connected', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const y = mul(x, x);
    tape.close();
    const expected = [
      [
        [2, 0],
        [0, 4],
      ],
      [
        [6, 0],
        [0, 8],
      ],
    ];
    expect(values(tape.batchJacobian(y, x))).toEqual(expected);
    expect(values(tape.batchJacobian(ones([2, 1]), x))).toEqual([[[0, 0]], [[0, 0]]]);
    expect(() => tape.batchJacobian(sum(x), x)).toThrow(/\[\].*\[2,2\]/);
    expect(() => tape.batchJacobian(ones([3, 2]), x)).toThrow(/\[3,2\].*\[2,2\]/);
    expect(() => tape.jacobian([y] as never, x)).toThrow(TypeError);
  });
});

describe('lifetimes', () => {
  it('close with the callback form, whatever happens', async () => {
    expect(() =>
      GradientTape.use(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    const slope = await GradientTape.use(async (tape) => {
      const x = scalar(3);
      tape.watch(x);
      const y = mul(x, x);
      await Promise.resolve();
      return tape.gradient(y, x);
    });
    expect(values(slope)).toBe(6);
  });

  it('keep what an exception left usable', () => {
    const x = scalar(3);
    const tape = new GradientTape();
    tape.watch(x);
    let y = x;
    try {
      y = mul(x, x);
      throw new Error('inside');
    } catch {
      tape.close();
    }
    expect(values(tape.gradient(y, x))).toBe(6);
  });

  it('interleave in asynchronous code', async () => {
    const task = async (at: number): Promise<unknown> => {
      const x = scalar(at);
      using tape = new GradientTape();
      tape.watch(x);
      let y = x;
      for (let i = 0; i < 3; i++) {
        y = mul(y, x);
        await new Promise((done) => setTimeout(done, (at * 7) % 3));
      }
      return values(tape.gradient(y, x));
    };
    expect(await Promise.all([1, 2, 3].map(task))).toEqual([4, 32, 108]);
  });

  it('forget a tape that nobody holds', async () => {
    (() => {
      new GradientTape().watch(scalar(1));
    })();
    for (let i = 0; i < 20 && openRecorders() > 0; i++) {
      await new Promise((done) => setTimeout(done, 5));
      globalThis.gc?.();
    }
    expect(openRecorders()).toBe(0);
  });
});
