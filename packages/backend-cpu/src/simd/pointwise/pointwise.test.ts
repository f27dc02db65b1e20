import { broadcastShapes, kernelMap, type Shape, sizeOf } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, type Host } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { binaryFormulas, unaryFormulas } from '../../kernels/formulas.ts';
import { pointwiseKernels } from './pointwise.ts';

const simd = createCpuBackend({ simd: true });
const plain = createCpuBackend({ simd: false });
const random = generator(3);
const agree = agreement(simd, plain, 4, 0);
const kernels = kernelMap(pointwiseKernels());

/** How much is tried of each domain. */
const MANY = 40000;

/** Arguments between which every op is within 2 units in the last place of what doubles give. */
const DOMAINS: Record<string, [number, number][]> = {
  exp: [
    [-104, 89],
    [-1, 1],
  ],
  expm1: [
    [-20, 89],
    [-1, 1],
    [-1e-3, 1e-3],
  ],
  log: [
    [0, 10],
    [0.5, 2],
    [1e-45, 1e-37],
    [0, 3e38],
  ],
  log1p: [
    [-1, 10],
    [-0.1, 0.1],
    [-1e-6, 1e-6],
    [0, 1e30],
  ],
  tanh: [
    [-12, 12],
    [-1, 1],
  ],
  sigmoid: [
    [-20, 20],
    [-1, 1],
  ],
  erf: [
    [-5, 5],
    [-1.2, 1.2],
  ],
  sin: [
    [-10, 10],
    [-1e4, 1e4],
    [-5e5, 5e5],
  ],
  cos: [
    [-10, 10],
    [-1e4, 1e4],
    [-5e5, 5e5],
  ],
  sqrt: [[0, 100]],
  reciprocal: [[-100, 100]],
};

/** The distance from a float to the next at this magnitude. */
function unit(x: number): number {
  return 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(x))) - 23);
}

function compute(op: string, inputs: readonly Host[]): Float32Array {
  const blocks = inputs.map((x) => ({ ...x, storage: simd.write(x.data.slice(), x) }));
  const out = { shape: inputs[0].shape, dtype: 'float32' as const, scoped: true };
  // Straight from the table: null where the plain loop would have to help.
  const [storage] = kernels.get(op)?.(blocks, {}, [out]) ?? [];
  if (storage === undefined) throw new Error(`vectors do not serve ${op}`);
  const values = simd.readSync?.({ ...out, storage });
  for (const block of [...blocks, { storage }]) simd.free(block.storage);
  return values as Float32Array;
}

function worst(values: Float32Array, exact: (i: number) => number): number {
  let most = 0;
  for (const [i, value] of values.entries()) {
    const want = exact(i);
    if (Number.isNaN(value) !== Number.isNaN(want)) return Infinity;
    if (!Number.isNaN(want) && value !== Math.fround(want)) most = Math.max(most, Math.abs(value - want) / unit(want));
  }
  return most;
}

for (const [op, domains] of Object.entries(DOMAINS)) {
  it(`${op} is within 2 units in the last place`, () => {
    for (const [low, high] of domains) {
      const x = random([MANY], 'float32', low, high);
      expect(worst(compute(op, [x]), (i) => unaryFormulas[op](x.data[i]))).toBeLessThan(2);
    }
  });
}

it('pow is within 1 unit in the last place', () => {
  for (const [low, high, size] of [
    [0, 10, 5],
    [0, 2, 100],
    [0.9, 1.1, 1000],
    [0, 1e30, 1],
    [1e-44, 1e-38, 1],
  ]) {
    const [x, y] = [random([MANY], 'float32', low, high), random([MANY], 'float32', -size, size)];
    expect(worst(compute('pow', [x, y]), (i) => binaryFormulas.pow(x.data[i], y.data[i]))).toBeLessThan(1);
  }
});

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
  1e4,
  2 ** 24,
  1e6,
  1e9,
  -1e9,
  NaN,
  Infinity,
  -Infinity,
];

it('NaN, infinities, signed zeros, ties, overflow and underflow are as in the plain loops', () => {
  const n = SPECIAL.length;
  const pairs = (f: (i: number) => number): Host => {
    const data = Float32Array.from({ length: n * n }, (_, i) => SPECIAL[f(i)]);
    return { shape: [n * n], dtype: 'float32', data };
  };
  const [x, y] = [pairs((i) => i % n), pairs((i) => Math.floor(i / n))];
  const compares = ['less', 'lessEqual', 'equal', 'logicalNot'];
  const served = [...kernels.keys()].filter((op) => op in unaryFormulas || op in binaryFormulas);
  expect(served.length).toBeGreaterThan(30);
  for (const op of served) {
    agree(
      op,
      op in unaryFormulas ? [x] : [x, y],
      {},
      { shape: x.shape, dtype: compares.includes(op) ? 'bool' : 'float32' },
    );
  }
});

it('casts between floats, int32 and truth as in the plain loops', () => {
  const floats = random([1000], 'float32', -1e5, 1e5);
  for (const [i, value] of [...SPECIAL, 2 ** 31, -(2 ** 31), 2 ** 32 + 512, -(2 ** 40), 1e20].entries())
    floats.data[i] = value;
  const ints = random([1000], 'int32', -(2 ** 31), 2 ** 31 - 1);
  const bools = random([1000], 'bool');
  for (const x of [floats, ints, bools]) {
    for (const dtype of ['float32', 'int32', 'bool'] as const) agree('cast', [x], { dtype }, { shape: [1000], dtype });
  }
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
      agree(op, inputs, {}, { shape: [999], dtype });
  }
  for (const op of ['neg', 'abs', 'sign', 'floor', 'relu', 'relu6'])
    agree(op, [x], {}, { shape: [999], dtype: 'int32' });
});

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

it('broadcasts, whatever the length of a row', () => {
  for (const [a, b] of PAIRS) {
    const shape = broadcastShapes('add', a, b);
    for (const [op, dtype] of [
      ['sub', 'float32'],
      ['less', 'bool'],
      ['pow', 'float32'],
    ] as const) {
      const [x, y] = [random(a, 'float32', 0.5, 2), random(b, 'float32', 0.5, 2)];
      agree(op, [x, y], {}, { shape, dtype });
      agree(op, [y, x], {}, { shape, dtype });
    }
    for (const c of [[], a, b, shape]) {
      agree('where', [random(c, 'bool'), random(a, 'float32'), random(b, 'float32')], {}, { shape, dtype: 'float32' });
    }
  }
});

it('writes into an input that nobody else holds, and nowhere else', () => {
  for (const shape of [[999], [37, 9], [30, 12]]) {
    const spec = { shape, dtype: 'float32' as const };
    const values = random(shape, 'float32').data;
    const [before, x, after] = [0, 1, 2].map(() => ({
      ...spec,
      storage: simd.kernels.get('add')?.(
        [
          { ...spec, storage: simd.write(values.slice(), spec) },
          { shape: [], dtype: 'float32', storage: simd.write(Float32Array.of(0), { shape: [], dtype: 'float32' }) },
        ],
        {},
        [{ ...spec, scoped: true }],
      )?.[0] as object,
    }));
    const row = { shape: [shape[shape.length - 1]], dtype: 'float32' as const };
    const y = { ...row, storage: simd.write(random(row.shape, 'float32').data, row) };
    const [sum] = simd.kernels.get('add')?.([{ ...x, exclusive: true }, y], {}, [{ ...spec, scoped: true }]) ?? [];
    const added = simd.readSync?.(y) ?? [];
    expect(simd.readSync?.({ ...spec, storage: sum })).toEqual(
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[i] + added[i % added.length]),
    );
    for (const neighbour of [before, after]) expect(simd.readSync?.(neighbour)).toEqual(values);
  }
});
