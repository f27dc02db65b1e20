import { createReferenceBackend } from '@wengert/backend-reference';
import { broadcastShapes, type DType, type Shape } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from './index.ts';
import { error, type Host, host, random, runKernel } from './testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();

function errorOf(op: string, inputs: Host[], shape: Shape, dtype: DType, floor?: number): number {
  const out = { shape, dtype };
  // The reference in float64: what is measured is the whole error, that of rounding the result included.
  const exact = { shape, dtype: dtype === 'float32' ? ('float64' as const) : dtype };
  const expected = runKernel(reference, op, inputs, {}, exact);
  const actual = runKernel(webgl, op, inputs, {}, out);
  if (actual === null || expected === null) return NaN;
  return error(actual, expected, floor);
}

const EDGES = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e-20, 1e20];

/** Each op with the domain over which its relative error holds. */
const UNARY: [op: string, from: number, to: number, tolerance: number][] = [
  ['neg', -10, 10, 0],
  ['abs', -10, 10, 0],
  ['sign', -10, 10, 0],
  ['floor', -10, 10, 0],
  ['ceil', -10, 10, 0],
  ['round', -10, 10, 0],
  ['exp', -87, 88.7, 3e-7],
  ['expm1', -20, 20, 4e-7],
  ['log', 0, 100, 3e-7],
  ['log1p', -0.99, 100, 3e-7],
  ['sqrt', 0, 1e4, 2e-7],
  ['reciprocal', -10, 10, 2e-7],
  ['sin', -6, 6, 2e-6],
  ['cos', -6, 6, 2e-6],
  ['tan', -1.5, 1.5, 5e-7],
  ['asin', -1, 1, 5e-7],
  ['acos', -1, 1, 5e-7],
  ['atan', -20, 20, 3e-7],
  ['sinh', -80, 80, 5e-7],
  ['cosh', -80, 80, 5e-7],
  ['tanh', -10, 10, 4e-7],
  ['asinh', -100, 100, 5e-7],
  ['acosh', 1, 100, 5e-7],
  ['atanh', -1, 1, 5e-7],
  ['sigmoid', -80, 80, 4e-7],
  ['erf', -4, 4, 5e-7],
];

describe('functions of one number', () => {
  for (const [op, from, to, tolerance] of UNARY) {
    it(`${op} within ${tolerance} on [${from}, ${to}]`, () => {
      const x = random([4001], 'float32', from, to);
      expect(errorOf(op, [x], x.shape, 'float32')).toBeLessThanOrEqual(tolerance);
    });

    it(`${op} near 0 and of special values`, () => {
      const near = host([6], 'float32', [1e-3, -1e-3, 1e-6, -1e-6, 0.01, -0.01]);
      expect(errorOf(op, [near], near.shape, 'float32')).toBeLessThanOrEqual(Math.max(tolerance, 1e-6));
      // Where neighbouring floats are radians apart, the circular functions promise nothing.
      const values = ['sin', 'cos', 'tan'].includes(op) ? EDGES.filter((x) => x !== 1e20) : EDGES;
      const edges = host([values.length], 'float32', values);
      expect(errorOf(op, [edges], edges.shape, 'float32')).toBeLessThanOrEqual(2e-6);
    });
  }

  it('sin, cos and tan of great arguments', () => {
    for (const op of ['sin', 'cos']) {
      for (const limit of [3e4, 8e6]) {
        const x = random([2000], 'float32', -limit, limit);
        expect(errorOf(op, [x], x.shape, 'float32', 1)).toBeLessThan(2e-7);
      }
      const huge = runKernel(
        webgl,
        op,
        [host([3], 'float32', [1e8, -1e20, 3e38])],
        {},
        { shape: [3], dtype: 'float32' },
      );
      for (const y of huge ?? [NaN]) expect(Math.abs(y)).toBeLessThanOrEqual(1);
    }
    const x = random([2000], 'float32', -8e6, 8e6);
    expect(errorOf('tan', [x], x.shape, 'float32')).toBeLessThan(1e-6);
  });

  it('relu and relu6', () => {
    for (const dtype of ['float32', 'int32'] as const) {
      const x = host([6], dtype, [-3, -0, 0, 2, 7, 6]);
      expect(runKernel(webgl, 'relu', [x], {}, x)).toEqual(host([6], dtype, [0, 0, 0, 2, 7, 6]).data);
      expect(runKernel(webgl, 'relu6', [x], {}, x)).toEqual(host([6], dtype, [0, 0, 0, 2, 6, 6]).data);
    }
    const nan = host([1], 'float32', [NaN]);
    expect(runKernel(webgl, 'relu', [nan], {}, nan)).toEqual(nan.data);
  });

  it('keeps the sign of zero', () => {
    const zero = host([2], 'float32', [0, -0]);
    for (const op of [
      'sin',
      'tan',
      'asin',
      'atan',
      'sinh',
      'tanh',
      'asinh',
      'atanh',
      'expm1',
      'log1p',
      'erf',
      'sqrt',
    ]) {
      expect(runKernel(webgl, op, [zero], {}, zero), op).toEqual(Float32Array.of(0, -0));
    }
  });
});

describe('functions of two numbers', () => {
  const BINARY: [op: string, from: number, to: number, tolerance: number][] = [
    ['add', -4, 4, 1e-7],
    ['sub', -4, 4, 1e-7],
    ['mul', -4, 4, 1e-7],
    ['div', -4, 4, 2e-7],
    ['maximum', -4, 4, 0],
    ['minimum', -4, 4, 0],
    ['mod', -40, 40, 1e-7],
    ['floorDiv', -40, 40, 0],
    ['atan2', -4, 4, 4e-7],
    ['pow', 0, 10, 1e-6],
  ];
  for (const [op, from, to, tolerance] of BINARY) {
    it(`${op} within ${tolerance} on [${from}, ${to}]`, () => {
      const x = random([3000], 'float32', from, to);
      const y = random([3000], 'float32', from, to);
      expect(errorOf(op, [x, y], x.shape, 'float32')).toBeLessThanOrEqual(tolerance);
    });

    it(`${op} of special values`, () => {
      const n = EDGES.length;
      const x = host([n, 1], 'float32', EDGES);
      const y = host([1, n], 'float32', EDGES);
      const actual = runKernel(webgl, op, [x, y], {}, { shape: [n, n], dtype: 'float32' });
      const expected = runKernel(reference, op, [x, y], {}, { shape: [n, n], dtype: 'float32' });
      const wrong = EDGES.flatMap((a, i) =>
        EDGES.flatMap((b, j) => {
          const [got, want] = [actual?.[i * n + j] ?? 0, expected?.[i * n + j] ?? 0];
          return error([got], [want]) <= 2e-6 ? [] : [`${op}(${a}, ${b}) = ${want}, not ${got}`];
        }),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('pow of negative bases', () => {
    const x = host([8], 'float32', [-2, -2, -2, -0.5, -1.5, -3, -2, -7]);
    const y = host([8], 'float32', [3, 2, -3, 5, 2, 0.5, 33, 40]);
    expect(errorOf('pow', [x, y], [8], 'float32')).toBeLessThan(1e-6);
  });

  it('mod and floorDiv where the rounded quotient is whole', () => {
    const x = host([4], 'float32', [1, 6, 1e6, -1]);
    const y = host([4], 'float32', [0.1, 0.2, 0.3, 0.1]);
    expect(errorOf('mod', [x, y], [4], 'float32')).toBeLessThan(1e-7);
    expect(errorOf('floorDiv', [x, y], [4], 'float32')).toBe(0);
  });
});

describe('dtypes and shapes', () => {
  const SHAPES: [Shape, Shape][] = [
    [[], []],
    [[0], [1]],
    [[5], []],
    [[2, 3], [3]],
    [
      [2, 1, 4],
      [3, 1],
    ],
    [[4, 8], [8]],
    [
      [4, 1],
      [1, 8],
    ],
    [
      [3, 5, 7],
      [3, 5, 7],
    ],
    [
      [2, 1, 3, 1, 2],
      [1, 4, 1, 2, 2],
    ],
    [[70, 60], [60]],
  ];
  for (const [a, b] of SHAPES) {
    it(`broadcasts [${a}] and [${b}]`, () => {
      const shape = broadcastShapes('sub', a, b);
      expect(errorOf('sub', [random(a), random(b)], shape, 'float32', 1)).toBeLessThan(1e-6);
      expect(errorOf('where', [random(a, 'bool'), random(b), random(a)], shape, 'float32')).toBeLessThan(1e-7);
      for (const op of ['less', 'lessEqual', 'equal']) {
        const inputs = [random(a, 'int32'), random(b, 'int32')];
        expect(runKernel(webgl, op, inputs, {}, { shape, dtype: 'bool' })).toEqual(
          runKernel(reference, op, inputs, {}, { shape, dtype: 'bool' }),
        );
      }
    });
  }

  for (const dtype of ['int32', 'bool'] as const) {
    for (const op of ['add', 'sub', 'mul', 'maximum', 'minimum', 'mod', 'floorDiv']) {
      it(`${op} of ${dtype}`, () => {
        const inputs = [random([99], dtype, -9, 9), random([99], dtype, -4, 4)];
        const out = { shape: [99], dtype };
        expect(runKernel(webgl, op, inputs, {}, out)).toEqual(runKernel(reference, op, inputs, {}, out));
      });
    }
    for (const op of ['neg', 'abs', 'sign', 'floor', 'ceil', 'round']) {
      it(`${op} of ${dtype}`, () => {
        const x = random([99], dtype, -9, 9);
        expect(runKernel(webgl, op, [x], {}, x)).toEqual(runKernel(reference, op, [x], {}, x));
      });
    }
  }

  it('leaves int32 results that floats do not hold to the fallback', () => {
    const x = host([2], 'int32', [2 ** 23, 3]);
    expect(runKernel(webgl, 'add', [x, x], {}, x)).toEqual(Int32Array.of(2 ** 24, 6));
    expect(runKernel(webgl, 'mul', [x, x], {}, x)).toBeNull();
    expect(runKernel(webgl, 'pow', [x, x], {}, x)).toBeNull();
    const y = host([2], 'int32', [2 ** 24, 3]);
    expect(runKernel(webgl, 'add', [y, y], {}, y)).toBeNull();
  });

  it('casts', () => {
    const x = host([9], 'float32', [1.9, -1.9, 0, NaN, Infinity, -0.5, 3e9, -3e9, 2 ** 33]);
    for (const dtype of ['int32', 'bool', 'float32'] as const) {
      const out = { shape: [9], dtype };
      const actual = runKernel(webgl, 'cast', [x], { dtype }, out);
      expect(actual).toEqual(runKernel(reference, 'cast', [x], { dtype }, out));
    }
    const i = host([3], 'int32', [-7, 0, 2]);
    const out = { shape: [3], dtype: 'bool' as const };
    expect(runKernel(webgl, 'cast', [i], { dtype: 'bool' }, out)).toEqual(Uint8Array.of(1, 0, 1));
  });
});
