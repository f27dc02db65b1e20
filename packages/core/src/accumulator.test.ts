import '@wengert/backend-reference';
import {
  exp,
  ForwardAccumulator,
  GradientTape,
  mul,
  openRecorders,
  primitive,
  scalar,
  sum,
  type Tensor,
  tanh,
  tensor,
  variable,
} from '@wengert/core';
import { afterEach, describe, expect, it } from 'vitest';

const values = (x: Tensor | null): unknown => x?.arraySync() ?? null;

afterEach(() => {
  expect(openRecorders()).toBe(0);
});

describe('ForwardAccumulator', () => {
  it('carries tangents, which jvp looks up in any structure', () => {
    const [x, y] = [tensor([1, 2]), scalar(3)];
    using forward = new ForwardAccumulator([x, y], [tensor([1, 0]), scalar(1)]);
    const z = mul(mul(x, x), y);
    const found = forward.jvp({ z, none: scalar(1) });
    expect(values(found.z)).toEqual([6 + 1, 4]);
    expect(values(found.none)).toBeNull();
    expect(values(forward.jvp(scalar(1), { unconnectedGradients: 'zero' }))).toBe(0);
  });

  it('reads variables', () => {
    const v = variable(3);
    using forward = new ForwardAccumulator(v, scalar(1));
    expect(values(forward.jvp(mul(v, v)))).toBe(6);
  });

  it('nests', () => {
    const x = scalar(0.7);
    using outer = new ForwardAccumulator(x, scalar(1));
    using inner = new ForwardAccumulator(x, scalar(1));
    const y = mul(x, tanh(x));
    expect(values(outer.jvp(inner.jvp(y) as Tensor))).toBeCloseTo(0.7324165629, 9);
  });

  it('goes over and under tapes', () => {
    const x = tensor([0.3, 0.5]);
    const over = ForwardAccumulator.use(x, tensor([1, 0]), (forward) => {
      using tape = new GradientTape();
      tape.watch(x);
      return values(forward.jvp(tape.gradient(sum(mul(x, exp(x))), x) as Tensor));
    });
    using tape = new GradientTape();
    tape.watch(x);
    using forward = new ForwardAccumulator(x, tensor([1, 0]));
    const slope = forward.jvp(sum(mul(x, exp(x)))) as Tensor;
    const under = values(tape.gradient(slope, x)) as number[];
    expect((over as number[])[0]).toBeCloseTo(2.3 * Math.exp(0.3), 12);
    under.forEach((value, i) => {
      expect(value).toBeCloseTo((over as number[])[i], 12);
    });
  });

  it('transposes the VJP of an op that has no JVP', () => {
    const cube = primitive<readonly [Tensor], undefined, Tensor>('cube', {
      infer: ([x]) => x,
      saves: [0],
      vjp: (g, [x]) => mul(g, mul(3, mul(x, x))),
    });
    const op = { ...cube.op, compose: ([x]: readonly Tensor[]) => [mul(x, mul(x, x))] };
    expect(op.rule?.jvp).toBeUndefined();
    const x = scalar(2);
    using outer = new ForwardAccumulator(x, scalar(1));
    using inner = new ForwardAccumulator(x, scalar(1));
    const y = mul(x, mul(x, x));
    expect(values(inner.jvp(y))).toBe(12);
    expect(values(outer.jvp(inner.jvp(y) as Tensor))).toBe(12);
  });

  it('refuses what does not fit', () => {
    const x = tensor([1, 2]);
    expect(() => new ForwardAccumulator([x, x], [x, x])).toThrow(/twice/);
    expect(() => new ForwardAccumulator(x, scalar(1))).toThrow(/\[\].*\[2\]/);
    expect(() => new ForwardAccumulator(tensor([1], [1], 'int32'), tensor([1]))).toThrow(/int32/);
    expect(() => new ForwardAccumulator([x], [])).toThrow(/0 tangents for 1/);
    using forward = new ForwardAccumulator(x, x);
    expect(() => forward.open()).toThrow(/already active/);
  });
});
