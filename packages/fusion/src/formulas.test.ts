import { createReferenceBackend } from '@wengert/backend-reference';
import { type DType, type KernelTable, sizeOf, type TypedArray } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { evaluator } from './evaluate.ts';
import { type Expression, lower } from './expression.ts';
import { formulaOf, pointwiseOps } from './formulas.ts';
import { evaluate } from './testing.ts';

const reference = createReferenceBackend();
const EDGES = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 3.5, 6, 7, 1e200];

/** Values of several dtypes in all combinations, as the reference backend's kernel has them. */
function byReference(op: string, columns: readonly TypedArray[], dtypes: readonly DType[], out: DType): TypedArray {
  const shape = [columns[0].length];
  const blocks = columns.map((data, k) => {
    const spec = { shape, dtype: dtypes[k] };
    return { ...spec, storage: reference.write(data, spec) };
  });
  const [storage] = reference.kernels.get(op)?.(blocks, {}, [{ shape, dtype: out, scoped: false }]) ?? [];
  const result = reference.readSync?.({ shape, dtype: out, storage });
  if (result === undefined || result.length !== sizeOf(shape)) throw new Error(`the reference has no ${op}`);
  return result;
}

function pairs(values: readonly number[]): [number[], number[]] {
  return [values.flatMap((x) => values.map(() => x)), values.flatMap(() => values)];
}

describe('the formulas of floats', () => {
  it.each(['sign', 'reciprocal', 'round', 'floor', 'abs', 'neg', 'sqrt'] as const)(
    "%s is the reference backend's",
    (op) => {
      const expected = byReference(op, [Float64Array.from(EDGES)], ['float64'], 'float64');
      const body = formulaOf(op, ['float64'], 'float64')?.body as Expression;
      expect(EDGES.map((x) => evaluate(body, [x]))).toEqual([...expected]);
    },
  );

  it.each(['maximum', 'minimum', 'less', 'lessEqual', 'equal'] as const)("%s is the reference backend's", (op) => {
    const [xs, ys] = pairs(EDGES);
    const out = op.startsWith('m') ? 'float64' : 'bool';
    const expected = byReference(op, [Float64Array.from(xs), Float64Array.from(ys)], ['float64', 'float64'], out);
    const body = formulaOf(op, ['float64', 'float64'], out)?.body as Expression;
    expect(xs.map((x, i) => evaluate(body, [x, ys[i]]))).toEqual([...expected]);
  });

  it('hypot neither overflows nor forgets an infinity', () => {
    const body = formulaOf('hypot', ['float64', 'float64'], 'float64')?.body as Expression;
    const [xs, ys] = pairs(EDGES);
    for (const [i, x] of xs.entries()) {
      const [actual, expected] = [evaluate(body, [x, ys[i]]), Math.hypot(x, ys[i])];
      if (Number.isFinite(expected) && expected > 0) expect(actual / expected).toBeCloseTo(1, 14);
      else expect(actual).toBe(expected);
    }
  });

  it.each([
    ['relu', [NaN, -2, -0, 0, 2], [NaN, 0, 0, 0, 2]],
    ['relu6', [NaN, -2, -0, 5, 6, 9], [NaN, 0, 0, 5, 6, 6]],
    ['elu', [NaN, 0, 2, -Infinity], [NaN, 0, 2, -1]],
    ['softplus', [NaN, 1000, -1000, 0], [NaN, 1000, 0, Math.LN2]],
    ['softsign', [NaN, 3, -1], [NaN, 0.75, -0.5]],
    ['silu', [0, -1000], [0, -0]],
    ['selu', [1, 0], [1.0507009873554805, 0]],
  ] as const)('%s', (op, xs, expected) => {
    const body = formulaOf(op, ['float32'], 'float32')?.body as Expression;
    expect(xs.map((x) => evaluate(body, [x]))).toEqual([...expected]);
  });

  it.each([
    ['tanhGrad', [3, 1e308, 0, NaN], [-0.5, -1, 1e300, 0], [2.25, 0, -0, NaN]],
    ['sigmoidGrad', [2, 1e308, 0, NaN], [0.25, 1, 1e300, 0], [0.375, 0, -0, NaN]],
  ] as const)('%s', (op, gs, ys, expected) => {
    const body = formulaOf(op, ['float32', 'float32'], 'float32')?.body as Expression;
    expect(gs.map((g, i) => evaluate(body, [g, ys[i]]))).toEqual([...expected]);
  });
});

describe('other dtypes', () => {
  it.each(['add', 'sub', 'mul', 'maximum', 'less', 'equal'] as const)('%s counts bools', (op) => {
    const [xs, ys] = pairs([0, 1]);
    const expected = byReference(op, [Uint8Array.from(xs), Uint8Array.from(ys)], ['bool', 'bool'], 'bool');
    const body = formulaOf(op, ['bool', 'bool'], 'bool')?.body as Expression;
    expect(body.type).toBe('bool');
    expect(xs.map((x, i) => evaluate(body, [x, ys[i]]))).toEqual([...expected]);
  });

  it('casts', () => {
    const cast = (x: number, from: DType, to: DType): number =>
      evaluate(formulaOf('cast', [from], to)?.body as Expression, [x]);
    expect([cast(NaN, 'float32', 'bool'), cast(-0, 'float32', 'bool'), cast(-2.7, 'float32', 'int32')]).toEqual([
      1, 0, -2,
    ]);
    expect(formulaOf('cast', ['float32'], 'float32')?.body).toEqual({ kind: 'input', index: 0, type: 'float' });
    expect(formulaOf('cast', ['float64'], 'float32')?.body).toMatchObject({ op: 'cast', type: 'float' });
  });

  it('rounds what it casts to float32, and nothing in float64', () => {
    const [rounded, kept] = [
      formulaOf('cast', ['float64'], 'float32'),
      formulaOf('add', ['float64', 'float64'], 'float64'),
    ];
    expect(rounded && evaluator(rounded)?.([0.1])).toBe(Math.fround(0.1));
    expect(kept && evaluator(kept)?.([0.1, 0.2])).toBe(0.1 + 0.2);
  });

  it('chooses between values of two types as floats', () => {
    const body = formulaOf('where', ['bool', 'bool', 'float32'], 'float32')?.body as Expression;
    expect([evaluate(body, [1, 1, 2.5]), evaluate(body, [0, 1, 2.5])]).toEqual([1, 2.5]);
    expect(body).toMatchObject({ op: 'select', type: 'float', args: [{}, { op: 'cast', type: 'float' }, {}] });
    const wide = formulaOf('where', ['bool', 'float64', 'float32'], 'float64')?.body as Expression;
    expect(wide).toMatchObject({ op: 'select', type: 'double', args: [{}, {}, { op: 'cast', type: 'double' }] });
  });

  it('leaves ints whole, and has no float op for them', () => {
    expect(formulaOf('floor', ['int32'], 'int32')?.body).toEqual({ kind: 'input', index: 0, type: 'int' });
    expect(formulaOf('exp', ['int32'], 'int32')).toBeUndefined();
    expect(formulaOf('add', ['int32'], 'int32')).toBeUndefined();
    expect(formulaOf('matMul', ['float32', 'float32'], 'float32')).toBeUndefined();
  });
});

describe('every formula', () => {
  const arityOf = (op: keyof KernelTable): number =>
    [1, 2, 3].find(
      (n) =>
        formulaOf(op, dtypes(op, n, 'float32'), output(op, 'float32')) ?? formulaOf(op, dtypes(op, n, 'bool'), 'bool'),
    ) ?? 0;
  const dtypes = (op: string, arity: number, dtype: DType): DType[] =>
    Array.from({ length: arity }, (_, k) => (op === 'where' && k === 0 ? 'bool' : dtype));
  const output = (op: string, dtype: DType): DType => (/^(less|equal|logical)/.test(op) ? 'bool' : dtype);

  it.each(pointwiseOps)('%s is well typed', (op) => {
    const found = (['float32', 'float64', 'int32', 'bool'] as const).flatMap((dtype) => {
      return formulaOf(op, dtypes(op, arityOf(op), dtype), output(op, dtype)) ?? [];
    });
    expect(found.filter(({ inputs }) => inputs.includes('double')).length).toBeGreaterThan(0);
    for (const { body, inputs } of found) {
      lower(body, inputs, {
        constant: ({ type }) => type,
        apply({ op: operation, type }, args) {
          if (operation === 'cast') expect(type).not.toBe(args[0]);
          else if (operation === 'select') expect(args).toEqual(['bool', type, type]);
          else if (['and', 'or', 'not'].includes(operation))
            expect([type, ...args]).toEqual(['bool', ...args.map(() => 'bool')]);
          else {
            expect(new Set(args).size).toBe(1);
            expect(args).not.toContain('bool');
            expect(type).toBe(/^(less|equal)/.test(operation) ? 'bool' : args[0]);
          }
          return type;
        },
      });
    }
  });
});
