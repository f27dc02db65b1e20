import { kernelMap } from '@wengert/core';
import { expect, it } from 'vitest';
import { generator, type Host } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { binaryFormulas, unaryFormulas } from '../../kernels/formulas.ts';
import { pointwiseKernels } from './pointwise.ts';

const simd = createCpuBackend({ simd: true });
const random = generator(3);
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
  sinh: [
    [-90, 90],
    [-2, 2],
    [-1e-3, 1e-3],
  ],
  cosh: [
    [-90, 90],
    [-2, 2],
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
  tan: [
    [-10, 10],
    [-0.8, 0.8],
    [1.57, 1.571],
    [-5e5, 5e5],
  ],
  asin: [
    [-1, 1],
    [0.5, 0.6],
    [0.8, 0.9],
  ],
  acos: [
    [-1, 1],
    [0.5, 0.6],
    [0.999, 1],
  ],
  atan: [
    [-10, 10],
    [-1, 1],
    [-1e4, 1e4],
  ],
  asinh: [
    [-10, 10],
    [-3e-5, 3e-5],
    [-3e38, 3e38],
  ],
  acosh: [
    [1, 1.01],
    [0, 100],
    [1, 3e38],
  ],
  atanh: [
    [-1, 1],
    [-3e-5, 3e-5],
    [0.999, 1],
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

it('atan2 is within 2 units in the last place', () => {
  for (const [height, width] of [
    [1, 1],
    [1, 1e3],
    [1e3, 1],
    [1e-40, 1e-38],
  ]) {
    const [y, x] = [random([MANY], 'float32', -height, height), random([MANY], 'float32', -width, width)];
    expect(worst(compute('atan2', [y, x]), (i) => Math.atan2(y.data[i], x.data[i]))).toBeLessThan(2);
  }
});

it('mod is exact, however far apart its arguments are', () => {
  const anything = (): Host => {
    const { data } = random([MANY], 'int32', -(2 ** 31), 2 ** 31 - 1);
    return { shape: [MANY], dtype: 'float32', data: new Float32Array(data.buffer) };
  };
  const near = [5, 1000, 2 ** -120].map((size) => random([MANY], 'float32', -size, size));
  for (const [x, y] of [
    [anything(), anything()],
    [near[1], near[0]],
    [anything(), near[2]],
  ]) {
    const exact = (i: number): number => Math.fround(binaryFormulas.mod(x.data[i], y.data[i]));
    const values = compute('mod', [x, y]);
    expect(values.findIndex((value, i) => !Object.is(value, exact(i)))).toBe(-1);
  }
});

it('NaN is NaN, whatever its bits', () => {
  const data = new Float32Array(Int32Array.from({ length: 256 }, (_, i) => 0x7fc00001 + 0x4001 * i).buffer);
  const x: Host = { shape: [256], dtype: 'float32', data };
  for (const op of [...Object.keys(DOMAINS), 'pow', 'atan2', 'mod']) {
    const values = compute(op, op in unaryFormulas ? [x] : [x, x]);
    expect([op, values.findIndex((value) => !Number.isNaN(value))]).toEqual([op, -1]);
  }
});
