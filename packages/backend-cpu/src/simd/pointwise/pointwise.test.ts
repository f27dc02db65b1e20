import { broadcastShapes, kernelMap, type Shape } from '@wengert/core';
import { allocate } from '@wengert/core/functions';
import { describe, expect, it } from 'vitest';
import { ALL, agreement, generator, type Host } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { binaryFormulas, unaryFormulas } from '../../kernels/formulas.ts';
import { pointwiseKernels } from './pointwise.ts';

const simd = createCpuBackend({ simd: true });
const plain = createCpuBackend({ simd: false });
const random = generator(3);
/** Vectors of doubles do what plain loops do; those of floats may round otherwise. */
const agree = { float32: agreement(simd, plain, 4, 0), float64: agreement(simd, plain, 0, 0) };
const FLOATING = ['float32', 'float64'] as const;
const COMPARISONS = ['less', 'lessEqual', 'equal', 'logicalNot'];
const kernels = kernelMap(pointwiseKernels());

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2,
  -2,
  2.5,
  -2.5,
  3,
  -3,
  7,
  100,
  -100,
  1e-30,
  -1e-30,
  1e-40,
  -1e-40,
  1e30,
  -1e30,
  88.7,
  -88,
  89.4,
  -89.4,
  89.5,
  0.54,
  2 ** -16,
  1 - 2 ** -24,
  1 + 2 ** -23,
  1e4,
  2 ** 24,
  1e6,
  1e9,
  -1e9,
  NaN,
  Infinity,
  -Infinity,
];

/** Special for doubles alone: beyond float32, or more bits. */
const BEYOND = [1e200, -1e200, 3e-320, 2 ** 31, 2 ** 53 + 2, 4503599627370495.5, 0.1];

const PAIRS: [Shape, Shape][] = [
  ...[256, 257, 271, 300, 1023].map((n): [Shape, Shape] => [[n], [n]]),
  [[1000], []],
  [[1], [777]],
  [[33, 17], [17]],
  [
    [40, 19],
    [40, 1],
  ],
  [
    [21, 1],
    [1, 35],
  ],
  [
    [6, 1, 5, 9],
    [1, 4, 5, 1],
  ],
  [
    [3, 5, 4, 8],
    [3, 1, 4, 8],
  ],
  [[50, 7], [7]],
];

const SERVED = [...kernels.keys()].filter((op) => op in unaryFormulas || op in binaryFormulas);

describe.each(FLOATING)('%s', (dtype) => {
  it('has NaN, infinities, signed zeros, ties, overflow and underflow as the plain loops have', () => {
    // And what is not special, where every bit has to be the same.
    const [special, others] = dtype === 'float64' ? [[...SPECIAL, ...BEYOND], 1002] : [SPECIAL, 0];
    const n = special.length;
    const pairs = (f: (i: number) => number): Host => {
      const some = random([n * n + others], dtype);
      for (let i = 0; i < n * n; i++) some.data[i] = special[f(i)];
      return some;
    };
    const [x, y] = [pairs((i) => i % n), pairs((i) => Math.floor(i / n))];
    // Where no tanh is, vectors have a form that does not overflow.
    const tanh = { ...y, data: y.data.map((value) => (Math.abs(value) > 2 ? 0.75 : value)) };
    expect(SERVED.length).toBeGreaterThan(30);
    for (const op of SERVED) {
      const inputs = op in unaryFormulas ? [x] : [x, op === 'tanhGrad' ? tanh : y];
      agree[dtype](op, inputs, {}, { shape: x.shape, dtype: COMPARISONS.includes(op) ? 'bool' : dtype });
    }
  });

  it('is cast to and from every other as in the plain loops', () => {
    const floats = random([1000], dtype, -1e5, 1e5);
    const far = [2 ** 31 - 0.5, -(2 ** 31), 2 ** 32 + 512, -(2 ** 32) + 0.5, -(2 ** 40), -1e15 / 3, 1e20];
    for (const [i, value] of [...SPECIAL, ...BEYOND, ...far].entries()) floats.data[i] = value;
    // NaN whose last bits are not 0.
    new Int32Array(floats.data.buffer).fill(0x7ff80003, 500, 510);
    const ints = random([1000], 'int32', -(2 ** 31), 2 ** 31 - 1);
    for (const x of [floats, ints, random([1000], 'bool')]) {
      for (const to of ALL) agree[dtype]('cast', [x], { dtype: to }, { shape: [1000], dtype: to });
    }
  });

  it('is broadcast, whatever the length of a row', () => {
    for (const [a, b] of PAIRS) {
      const shape = broadcastShapes('add', a, b);
      for (const [op, out] of [
        ['sub', dtype],
        ['less', 'bool'],
        ['pow', dtype],
      ] as const) {
        const [x, y] = [random(a, dtype, 0.5, 2), random(b, dtype, 0.5, 2)];
        agree[dtype](op, [x, y], {}, { shape, dtype: out });
        agree[dtype](op, [y, x], {}, { shape, dtype: out });
      }
      for (const c of [[], a, b, shape]) {
        agree[dtype]('where', [random(c, 'bool'), random(a, dtype), random(b, dtype)], {}, { shape, dtype });
      }
    }
  });

  it('is written into an input that nobody else holds, and nowhere else', () => {
    for (const shape of [[999], [37, 9], [30, 12]]) {
      const spec = { shape, dtype };
      const one = { shape: [], dtype };
      const values = random(shape, dtype).data;
      const [before, x, after] = [0, 1, 2].map(() => ({
        ...spec,
        storage: simd.kernels.get('add')?.(
          [
            { ...spec, storage: simd.write(values.slice(), spec) },
            { ...one, storage: simd.write(allocate(dtype, 1), one) },
          ],
          {},
          [{ ...spec, scoped: true }],
        )?.[0] as object,
      }));
      const row = { shape: [shape[shape.length - 1]], dtype };
      const y = { ...row, storage: simd.write(random(row.shape, dtype).data, row) };
      const [sum] = simd.kernels.get('add')?.([{ ...x, exclusive: true }, y], {}, [{ ...spec, scoped: true }]) ?? [];
      const added = simd.readSync?.(y) ?? [];
      const expected = values.map((value, i) => value + added[i % added.length]);
      expect(simd.readSync?.({ ...spec, storage: sum })).toEqual(expected);
      for (const neighbour of [before, after]) expect(simd.readSync?.(neighbour)).toEqual(values);
    }
  });
});

it('leaves float64 to plain loops where these are faster, or vectors have no code', () => {
  const left = SERVED.filter((op) => {
    const inputs = [1, 1].map(() => {
      const x = random([256], 'float64');
      return { ...x, storage: simd.write(x.data, x) };
    });
    const out = { shape: [256], dtype: COMPARISONS.includes(op) ? 'bool' : 'float64', scoped: false } as const;
    return kernels.get(op)?.(op in unaryFormulas ? inputs.slice(1) : inputs, {}, [out]) === null;
  });
  const functions = ['acos', 'acosh', 'asin', 'asinh', 'atanh', 'cosh', 'erf', 'expm1', 'log1p', 'sinh'];
  expect(left.sort()).toEqual([...functions, 'tanh', 'bitwiseAnd', 'floorDiv', 'mod'].sort());
});

it('computes with int32 as in the plain loops', () => {
  const [x, y] = [random([999], 'int32', -(2 ** 31), 2 ** 31 - 1), random([999], 'int32', -9, 9)];
  for (const op of ['add', 'sub', 'mul', 'maximum', 'minimum', 'bitwiseAnd', 'less', 'lessEqual', 'equal']) {
    const dtype = ['less', 'lessEqual', 'equal'].includes(op) ? 'bool' : 'int32';
    for (const inputs of [
      [x, y],
      [y, x],
      [y, y],
    ])
      agree.float32(op, inputs, {}, { shape: [999], dtype });
  }
  for (const op of ['neg', 'abs', 'sign', 'floor', 'relu', 'relu6'])
    agree.float32(op, [x], {}, { shape: [999], dtype: 'int32' });
});
