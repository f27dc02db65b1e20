import { createReferenceBackend } from '@wengert/backend-reference';
import {
  allocate,
  type Block,
  broadcastShapes,
  type DType,
  dropAxes,
  type Shape,
  ShapeError,
  type Spec,
  sizeOf,
  type TypedArray,
} from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from './backend.ts';

const reference = createReferenceBackend();
const cpu = createCpuBackend();
const FLOATS: DType[] = ['float32', 'float64'];
const NUMBERS: DType[] = [...FLOATS, 'int32'];
const ALL: DType[] = [...NUMBERS, 'bool'];

/** A seeded sequence of numbers in [0, 1): Weyl's, scrambled. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
}

interface Host extends Spec {
  readonly data: TypedArray;
}

const next = sequence(1);

function random(shape: Shape, dtype: DType, from = -4, to = 4): Host {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const x = from + (to - from) * next();
    data[i] = dtype === 'bool' ? (next() < 0.5 ? 0 : 1) : x;
  }
  return { shape, dtype, data };
}

function run(
  backend: typeof cpu,
  op: string,
  inputs: readonly Host[],
  attrs: object,
  outputs: readonly Spec[],
): TypedArray[] {
  const blocks = inputs.map(({ shape, dtype, data }): Block => {
    return { shape, dtype, storage: backend.write(data.slice(), { shape, dtype }) };
  });
  const results = backend.kernels.get(op)?.(
    blocks,
    attrs,
    outputs.map((out) => ({ ...out, scoped: false })),
  );
  if (!results) throw new Error(`${backend.name} has no kernel for ${op}`);
  for (const [i, block] of blocks.entries()) {
    const after = backend.readSync?.(block) ?? [];
    if (!inputs[i].data.every((x, k) => Object.is(x, after[k]))) throw new Error(`${op} changed input ${i}`);
  }
  return results.map((storage, i) => backend.readSync?.({ ...outputs[i], storage }) ?? allocate('bool', 0));
}

/** Whether the kernel gives what the reference's does, within a few roundings of the largest element. */
function agree(op: string, inputs: readonly Host[], attrs: object, ...outputs: readonly Spec[]): void {
  const [actual, expected] = [cpu, reference].map((backend) => run(backend, op, inputs, attrs, outputs));
  for (const [k, out] of outputs.entries()) {
    const label = `${op} ${inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`)} ${JSON.stringify(attrs)} output ${k}`;
    expect(actual[k].length, label).toBe(sizeOf(out.shape));
    expect(actual[k].constructor, label).toBe(expected[k].constructor);
    const largest = expected[k].reduce(
      (most: number, x: number) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most),
      0,
    );
    const unit = out.dtype === 'float32' ? 2 ** -23 : out.dtype === 'float64' ? 2 ** -52 : 0;
    for (let i = 0; i < actual[k].length; i++) {
      const [a, e] = [actual[k][i], expected[k][i]];
      if (Object.is(a, e) || Math.abs(a - e) <= unit * (8 * Math.abs(e) + (out.dtype === 'float32' ? 1 : 64) * largest))
        continue;
      expect.fail(`${label}, element ${i}: ${a} instead of ${e}`);
    }
  }
}

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
        for (const x of [random([], dtype), random([0, 3], dtype), random([5, 67], dtype), specials(dtype)[0]]) {
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

describe('movement', () => {
  it('cast', () => {
    for (const from of ALL) {
      for (const dtype of ALL) {
        agree('cast', [specials(from)[0]], { dtype }, { shape: specials(from)[0].shape, dtype });
        agree('cast', [random([], from)], { dtype }, { shape: [], dtype });
      }
    }
  });

  it('transpose', () => {
    const cases: [Shape, number[]][] = [
      [[], []],
      [
        [0, 2],
        [1, 0],
      ],
      [[5], [0]],
      [
        [37, 41],
        [1, 0],
      ],
      [
        [3, 70, 65],
        [0, 2, 1],
      ],
      [
        [3, 4, 50],
        [1, 0, 2],
      ],
      [
        [3, 40, 5],
        [2, 1, 0],
      ],
      [
        [33, 2, 35],
        [2, 0, 1],
      ],
      [
        [2, 3, 1, 4, 5],
        [4, 1, 3, 2, 0],
      ],
      [
        [2, 3, 4, 5],
        [2, 3, 0, 1],
      ],
    ];
    for (const dtype of ALL) {
      for (const [shape, perm] of cases) {
        agree('transpose', [random(shape, dtype)], { perm }, { shape: perm.map((axis) => shape[axis]), dtype });
      }
    }
  });

  it('broadcastTo', () => {
    const cases: [Shape, Shape][] = [
      [[], [3]],
      [[1], [0]],
      [[], []],
      [[60], [3, 60]],
      [
        [3, 1],
        [3, 60],
      ],
      [
        [3, 1],
        [2, 3, 5],
      ],
      [
        [2, 1, 3, 1],
        [4, 2, 5, 3, 6],
      ],
    ];
    for (const dtype of ALL)
      for (const [from, shape] of cases) agree('broadcastTo', [random(from, dtype)], { shape }, { shape, dtype });
  });

  it('reverse', () => {
    const cases: [Shape, number[]][] = [
      [[5], [0]],
      [[0], [0]],
      [[3, 60], [0]],
      [[3, 60], [1]],
      [
        [2, 3, 4],
        [0, 2],
      ],
      [[2, 3, 4], []],
    ];
    for (const dtype of ALL)
      for (const [shape, axes] of cases) agree('reverse', [random(shape, dtype)], { axes }, { shape, dtype });
  });

  it('slice', () => {
    const cases: [Shape, number[], number[], number[]][] = [
      [[], [], [], []],
      [[9], [2], [3], [2]],
      [
        [4, 100],
        [1, 3],
        [2, 90],
        [1, 1],
      ],
      [
        [4, 100],
        [0, 0],
        [2, 34],
        [2, 3],
      ],
      [
        [3, 4, 5],
        [1, 0, 2],
        [2, 4, 0],
        [1, 1, 1],
      ],
      [
        [3, 4, 5],
        [1, 0, 2],
        [1, 4, 3],
        [1, 1, 1],
      ],
    ];
    for (const dtype of ALL) {
      for (const [shape, begin, size, strides] of cases) {
        agree('slice', [random(shape, dtype)], { begin, size, strides }, { shape: size, dtype });
      }
    }
  });

  it('pad', () => {
    const cases: [Shape, number[], number[], number[]][] = [
      [[], [], [], []],
      [[3], [1], [2], [0]],
      [[3], [0], [2], [2]],
      [[0], [1], [2], [1]],
      [
        [3, 50],
        [1, 0],
        [0, 3],
        [1, 0],
      ],
      [
        [2, 3, 4],
        [0, 1, 2],
        [1, 0, 1],
        [0, 2, 1],
      ],
    ];
    for (const dtype of ALL) {
      for (const [shape, low, high, interior] of cases) {
        const out = shape.map((n, i) => low[i] + n + high[i] + Math.max(n - 1, 0) * interior[i]);
        agree('pad', [random(shape, dtype)], { low, high, interior }, { shape: out, dtype });
      }
    }
  });

  it('concat', () => {
    for (const dtype of ALL) {
      for (const axis of [0, 1, 2]) {
        const shapes = [2, 0, 3].map((n) => [2, 3, 4].map((length, i) => (i === axis ? n : length)));
        const out = [2, 3, 4].map((length, i) => (i === axis ? 5 : length));
        agree(
          'concat',
          shapes.map((shape) => random(shape, dtype)),
          { axis },
          { shape: out, dtype },
        );
      }
      agree('concat', [random([7], dtype)], { axis: 0 }, { shape: [7], dtype });
    }
  });

  it('gather and scatterAdd', () => {
    for (const dtype of ALL) {
      for (const shape of [[5], [4, 3], [2, 5, 60], [3, 4, 2]]) {
        for (const axis of shape.keys()) {
          for (const at of [[], [3], [2, 4], [0]]) {
            const indices = random(at, 'int32', 0, shape[axis]);
            const gathered = [...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)];
            agree('gather', [random(shape, dtype), indices], { axis }, { shape: gathered, dtype });
            if (dtype === 'bool') continue;
            agree('scatterAdd', [random(gathered, dtype), indices], { axis, size: shape[axis] }, { shape, dtype });
          }
        }
      }
    }
    const outside = { shape: [1], dtype: 'int32' as const, data: Int32Array.of(3) };
    const x = random([3], 'float32');
    expect(() => run(cpu, 'gather', [x, outside], { axis: 0 }, [outside])).toThrow(ShapeError);
    expect(() => run(cpu, 'scatterAdd', [random([1], 'float32'), outside], { axis: 0, size: 3 }, [x])).toThrow(
      ShapeError,
    );
  });

  it('unfold and fold', () => {
    const cases: [Shape, number[], number[], number[], number[]][] = [
      [[7], [0], [3], [1], [1]],
      [[9], [0], [3], [2], [2]],
      [
        [2, 6, 7, 3],
        [1, 2],
        [2, 3],
        [1, 2],
        [2, 1],
      ],
      [[4, 5], [1], [1], [1], [1]],
    ];
    for (const dtype of NUMBERS) {
      for (const [shape, axes, window, strides, dilations] of cases) {
        const out: number[] = [...shape];
        for (const [i, axis] of axes.entries())
          out[axis] = Math.floor((shape[axis] - dilations[i] * (window[i] - 1) - 1) / strides[i]) + 1;
        const attrs = { axes, window, strides, dilations };
        agree('unfold', [random(shape, dtype)], attrs, { shape: [...out, ...window], dtype });
        const size = axes.map((axis) => shape[axis]);
        agree('fold', [random([...out, ...window], dtype)], { ...attrs, size }, { shape, dtype });
      }
    }
  });
});

describe('reductions', () => {
  const SHAPES: Shape[] = [
    [],
    [0],
    [1],
    [7],
    [3, 0],
    [0, 3],
    [6, 5],
    [2, 3, 4],
    [3, 1, 5, 2],
    [2, 3, 2, 3, 2],
    [130, 9],
  ];
  const subsets = (rank: number): number[][] => {
    return Array.from({ length: 2 ** rank }, (_, bits) =>
      Array.from({ length: rank }, (_, i) => i).filter((i) => bits & (1 << i)),
    );
  };

  it('sum, max and min', () => {
    for (const dtype of ALL) {
      for (const shape of SHAPES) {
        for (const axes of subsets(shape.length)) {
          const out = { shape: dropAxes(shape, axes), dtype };
          const x = random(shape, dtype);
          if (dtype !== 'bool') agree('sum', [x], { axes }, out);
          agree('max', [x], { axes }, out);
          agree('min', [x], { axes }, out);
          if (x.data.length > 2 && FLOATS.includes(dtype)) {
            x.data[1] = NaN;
            agree('max', [x], { axes }, out);
            agree('min', [x], { axes }, out);
            agree('sum', [x], { axes }, out);
          }
        }
      }
    }
  });

  it('argMax, cumsum and sort', () => {
    for (const dtype of ALL) {
      for (const shape of SHAPES.filter((shape) => shape.length > 0)) {
        const x = random(shape, dtype, -3, 3);
        if (FLOATS.includes(dtype))
          for (let i = 0; i < x.data.length; i++) if (next() < 0.3) x.data[i] = next() < 0.5 ? NaN : 1;
        for (const axis of shape.keys()) {
          if (shape[axis] > 0) agree('argMax', [x], { axis }, { shape: dropAxes(shape, [axis]), dtype: 'int32' });
          for (const exclusive of [true, false]) {
            for (const reverse of [true, false]) {
              if (dtype !== 'bool') agree('cumsum', [x], { axis, exclusive, reverse }, { shape, dtype });
            }
          }
        }
        for (const descending of [true, false])
          agree('sort', [x], { descending }, { shape, dtype }, { shape, dtype: 'int32' });
      }
    }
  });
});

describe('contractions', () => {
  it('matMul', () => {
    const sizes: [number, number, number][] = [
      [1, 1, 1],
      [0, 3, 2],
      [3, 0, 2],
      [2, 3, 4],
      [1, 300, 70],
      [70, 300, 1],
      [1, 300, 1],
      [2, 700, 3],
      [67, 33, 31],
      [65, 257, 261],
      [130, 300, 5],
    ];
    for (const dtype of NUMBERS) {
      for (const [m, k, n] of sizes) {
        for (const transposeA of [false, true]) {
          for (const transposeB of [false, true]) {
            const a = random(transposeA ? [k, m] : [m, k], dtype, -40, 40);
            const b = random(transposeB ? [n, k] : [k, n], dtype, -40, 40);
            agree('matMul', [a, b], { transposeA, transposeB }, { shape: [m, n], dtype });
          }
        }
      }
      for (const [a, b] of [
        [[3], [3]],
        [[], [2, 3]],
        [[2, 3], []],
        [
          [2, 1],
          [1, 3],
        ],
        [[2, 3], [3]],
        [[0], [1]],
      ]) {
        for (const [m, k, n] of [
          [4, 5, 6],
          [17, 18, 19],
        ]) {
          for (const transposeA of [false, true]) {
            const left = random([...a, ...(transposeA ? [k, m] : [m, k])], dtype);
            const shape = [...broadcastShapes('matMul', a, b), m, n];
            agree('matMul', [left, random([...b, k, n], dtype)], { transposeA, transposeB: false }, { shape, dtype });
          }
        }
      }
    }
    const extremes = { shape: [2, 2], dtype: 'int32' as const, data: Int32Array.of(2 ** 31 - 1, 1, 1, 2 ** 31 - 1) };
    const product = run(cpu, 'matMul', [extremes, extremes], { transposeA: false, transposeB: false }, [extremes]);
    expect(product[0]).toEqual(Int32Array.of(2, -2, -2, 2));
  });

  it('conv', () => {
    const cases: [number[], number[], number[], [number, number][], number[], number[]][] = [
      // x, filter, strides, pads, dilations, input dilations
      [[1, 2, 9, 3], [1, 3, 3, 4], [1], [[1, 1]], [1], [1]],
      [
        [2, 3, 8, 9, 3],
        [2, 3, 2, 3, 5],
        [1, 1],
        [
          [0, 0],
          [0, 0],
        ],
        [1, 1],
        [1, 1],
      ],
      [
        [1, 2, 9, 8, 3],
        [1, 3, 3, 3, 5],
        [2, 3],
        [
          [1, 2],
          [0, 1],
        ],
        [2, 1],
        [1, 1],
      ],
      [
        [1, 2, 6, 5, 2],
        [1, 3, 3, 2, 3],
        [1, 2],
        [
          [2, 2],
          [-1, 2],
        ],
        [1, 1],
        [2, 3],
      ],
      [
        [1, 2, 6, 7, 2],
        [1, 2, 2, 2, 3],
        [1, 1],
        [
          [-2, -1],
          [-1, -2],
        ],
        [1, 1],
        [1, 1],
      ],
      [
        [4, 2, 5, 6, 1],
        [4, 3, 3, 1, 1],
        [1, 1],
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
        [1, 1],
      ],
      [
        [1, 1, 4, 5, 6, 2],
        [1, 2, 2, 3, 2, 3],
        [1, 2, 1],
        [
          [0, 1],
          [1, 1],
          [1, 0],
        ],
        [1, 1, 2],
        [1, 2, 1],
      ],
      [
        [1, 1, 20, 20, 40],
        [1, 3, 3, 40, 9],
        [1, 1],
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
        [1, 1],
      ],
      [
        [1, 0, 5, 5, 2],
        [1, 3, 3, 2, 3],
        [1, 1],
        [
          [0, 0],
          [0, 0],
        ],
        [1, 1],
        [1, 1],
      ],
      [
        [1, 2, 5, 5, 0],
        [1, 3, 3, 0, 3],
        [1, 1],
        [
          [0, 0],
          [0, 0],
        ],
        [1, 1],
        [1, 1],
      ],
    ];
    for (const dtype of NUMBERS) {
      for (const [x, filter, strides, pads, dilations, inputDilations] of cases) {
        const spatial = x.slice(2, -1).map((n, i) => {
          const length = inputDilations[i] * (n - 1) + 1 + pads[i][0] + pads[i][1];
          return Math.floor((length - dilations[i] * (filter[i + 1] - 1) - 1) / strides[i]) + 1;
        });
        const shape = [x[0], x[1], ...spatial, filter[filter.length - 1]];
        const inputs = [random(x, dtype), random(filter, dtype)];
        agree('conv', inputs, { strides, pads, dilations, inputDilations }, { shape, dtype });
      }
    }
  });

  it('fft', () => {
    for (const dtype of FLOATS) {
      for (const shape of [[1], [2], [8], [3, 16], [3], [2, 7], [30], [0], [2, 0], [101]]) {
        for (const inverse of [false, true]) {
          const out = { shape, dtype };
          agree('fft', [random(shape, dtype), random(shape, dtype)], { inverse }, out, out);
        }
      }
    }
  });
});
