import { createReferenceBackend } from '@wengert/backend-reference';
import { allocate, broadcastShapes, type DType, type Shape } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { ALL, agreement, FLOATS, generator, type Host, NUMBERS, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 4, 0);

const PAIRS: [Shape, Shape][] = [
  [[], []],
  [[3], []],
  [[], [2, 5]],
  [[0], [1]],
  [[2, 0, 3], [3]],
  [[7], [7]],
  [[4, 5], [5]],
  [
    [4, 5],
    [4, 1],
  ],
  [
    [4, 1],
    [1, 6],
  ],
  [
    [2, 1, 3, 1],
    [1, 4, 1, 5],
  ],
  [
    [3, 4, 5],
    [4, 5],
  ],
  [
    [2, 1, 2, 3, 1],
    [5, 1, 3, 2],
  ],
  [[33, 17], [17]],
];

const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, NaN, Infinity, -Infinity, 1e-30, 100, -100, 2 ** 31];

/** Every pair of special values. */
function specials(dtype: DType): [Host, Host] {
  const n = SPECIAL.length;
  const [a, b] = [allocate(dtype, n * n), allocate(dtype, n * n)];
  for (let i = 0; i < n * n; i++) {
    a[i] = dtype === 'bool' ? i & 1 : SPECIAL[i % n];
    b[i] = dtype === 'bool' ? (i >> 1) & 1 : SPECIAL[Math.floor(i / n)];
  }
  return [
    { shape: [n * n], dtype, data: a },
    { shape: [n * n], dtype, data: b },
  ];
}

describe('pointwise', () => {
  const unary = 'neg abs sign floor ceil round'.split(' ');
  const floating =
    'exp expm1 log log1p sqrt reciprocal sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf'.split(
      ' ',
    );
  for (const op of [...unary, ...floating]) {
    it(op, () => {
      for (const dtype of unary.includes(op) ? ALL : FLOATS) {
        for (const x of [random([], dtype), random([0, 3], dtype), random([5, 67], dtype, -7, 7), specials(dtype)[0]]) {
          agree(op, [x], {}, { shape: x.shape, dtype });
        }
      }
    });
  }

  const binary = 'add sub mul maximum minimum mod floorDiv pow less lessEqual equal'.split(' ');
  for (const op of [...binary, 'div', 'atan2']) {
    it(op, () => {
      for (const dtype of binary.includes(op) ? ALL : FLOATS) {
        const out = ['less', 'lessEqual', 'equal'].includes(op) ? 'bool' : dtype;
        agree(op, specials(dtype), {}, { shape: specials(dtype)[0].shape, dtype: out });
        for (const [a, b] of PAIRS) {
          const shape = broadcastShapes(op, a, b);
          agree(op, [random(a, dtype), random(b, dtype)], {}, { shape, dtype: out });
          agree(op, [random(b, dtype), random(a, dtype)], {}, { shape, dtype: out });
        }
      }
    });
  }

  it('logicalNot and where', () => {
    agree('logicalNot', [random([9], 'bool')], {}, { shape: [9], dtype: 'bool' });
    for (const dtype of ALL) {
      for (const [a, b] of PAIRS) {
        const shape = broadcastShapes('where', a, b);
        for (const c of [[], a, b, shape]) {
          agree('where', [random(c, 'bool'), random(a, dtype), random(b, dtype)], {}, { shape, dtype });
          agree('where', [random(a, 'bool'), random(c, dtype), random(b, dtype)], {}, { shape, dtype });
        }
      }
    }
  });

  it('relu and relu6 keep NaN and lose the sign of zero', () => {
    for (const dtype of NUMBERS) {
      const [x] = specials(dtype);
      for (const [op, top] of [
        ['relu', Infinity],
        ['relu6', 6],
      ] as const) {
        const expected = allocate(dtype, x.data.length);
        for (const [i, value] of x.data.entries()) expected[i] = value <= 0 ? 0 : value > top ? top : value;
        expect(run(cpu, op, [x], {}, [x])[0], op).toEqual(expected);
      }
    }
  });

  it('multiplies int32 exactly before it wraps', () => {
    const x = { shape: [1], dtype: 'int32' as const, data: Int32Array.of(2 ** 31 - 1) };
    expect(run(cpu, 'mul', [x, x], {}, [x])[0]).toEqual(Int32Array.of(1));
  });

  it('writes into an input that nobody else holds', () => {
    const spec = { shape: [3], dtype: 'float32' as const };
    const x = { ...spec, storage: cpu.write(Float32Array.of(1, 2, 3), spec), exclusive: true };
    const y = {
      shape: [],
      dtype: 'float32' as const,
      storage: cpu.write(Float32Array.of(10), { shape: [], dtype: 'float32' }),
      exclusive: true,
    };
    const result = cpu.kernels.get('sub')?.([y, x], {}, [{ ...spec, scoped: false }]);
    expect(result?.[0]).toBe(x.storage);
    expect(cpu.readSync?.(x)).toEqual(Float32Array.of(9, 8, 7));
    const other = cpu.kernels.get('less')?.([x, y], {}, [{ shape: [3], dtype: 'bool', scoped: false }]);
    expect(other?.[0]).not.toBe(x.storage);
  });
});
