import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

const wave = (shape: readonly number[], phase = 1): w.Tensor =>
  w.reshape(
    Array.from({ length: w.sizeOf(shape) }, (_, i) => Math.sin(3 * i + phase)),
    shape,
  );

const rows = (x: w.Tensor): number[][] => x.arraySync() as number[][];

function expectClose(found: w.Tensor, expected: readonly (readonly number[])[]): void {
  expect(found.shape).toEqual([expected.length, expected[0].length]);
  rows(found).forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(expected[i][j], 10);
    });
  });
}

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]): number => total(a.map((x, i) => x * b[i]));
const column = (m: readonly (readonly number[])[], j: number): number[] => m.map((row) => row[j]);
const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

describe('normalisations', () => {
  const x = wave([3, 4]);
  const [mean, variance, offset, scale] = [wave([4], 2), w.square(wave([4], 3)), wave([4], 4), wave([4], 5)];

  it('batchNorm, with its default epsilon', () => {
    const [m, v, o, s] = [mean, variance, offset, scale].map((p) => p.arraySync() as number[]);
    const expected = rows(x).map((row) => row.map((a, j) => ((a - m[j]) / Math.sqrt(v[j] + 0.001)) * s[j] + o[j]));
    expectClose(w.batchNorm(x, mean, variance, offset, scale), expected);
    expectClose(w.batchNorm2d(x, mean, variance, offset, scale), expected);
    expectClose(w.reshape(w.batchNorm3d(w.reshape(x, [3, 1, 4]), mean, variance, offset, scale), [3, 4]), expected);
    expectClose(w.reshape(w.batchNorm4d(w.reshape(x, [1, 3, 1, 4]), mean, variance, offset, scale), [3, 4]), expected);
  });

  it('batchNorm with an offset only, and with a scale only', () => {
    const plain = w.batchNorm(x, mean, variance);
    expectClose(w.batchNorm(x, mean, variance, offset), rows(w.add(plain, offset)));
    expectClose(w.batchNorm(x, mean, variance, null, scale), rows(w.mul(plain, scale)));
  });

  it('rmsNorm', () => {
    const expected = rows(x).map((row) => row.map((a) => a / Math.sqrt(dot(row, row) / 4 + 1e-6)));
    expectClose(w.rmsNorm(x), expected);
  });

  it('groupNorm of one channel each is that of each image, of one group that of all', () => {
    const images = wave([2, 3, 4]);
    const [each, all] = [w.moments(images, 1, true), w.moments(images, [1, 2], true)];
    const normal = (m: typeof each): unknown =>
      w.div(w.sub(images, m.mean), w.sqrt(w.add(m.variance, 1e-5))).arraySync();
    const rounded = (values: unknown): unknown =>
      JSON.parse(JSON.stringify(values, (_, v) => (typeof v === 'number' ? +v.toFixed(9) : v)));
    expect(rounded(w.groupNorm(images, 4).arraySync())).toEqual(rounded(normal(each)));
    expect(rounded(w.groupNorm(images, 1).arraySync())).toEqual(rounded(normal(all)));
  });

  it('localResponseNormalization divides by the neighbours among the channels', () => {
    const expected = rows(x).map((row) =>
      row.map((a, c) => a / (2 + 0.5 * total(row.slice(Math.max(0, c - 1), c + 2).map((b) => b * b))) ** 0.75),
    );
    expectClose(w.reshape(w.localResponseNormalization(w.reshape(x, [3, 1, 4]), 1, 2, 0.5, 0.75), [3, 4]), expected);
  });
});

describe('cells', () => {
  const [data, c, h] = [wave([2, 3]), wave([2, 2], 2), wave([2, 2], 3)];
  const joined = rows(data).map((row, n) => [...row, ...rows(h)[n]]);

  it('basicLSTMCell', () => {
    const [kernel, bias] = [wave([5, 8], 4), wave([8], 5)];
    const b = bias.arraySync() as number[];
    const gate = (n: number, j: number): number => dot(joined[n], column(rows(kernel), j)) + b[j];
    const nextC = rows(c).map((row, n) =>
      row.map((old, j) => sigma(gate(n, j)) * Math.tanh(gate(n, j + 2)) + old * sigma(gate(n, j + 4) + 0.5)),
    );
    const nextH = nextC.map((row, n) => row.map((value, j) => Math.tanh(value) * sigma(gate(n, j + 6))));
    const [newC, newH] = w.basicLSTMCell(0.5, kernel, bias, data, c, h);
    expectClose(newC, nextC);
    expectClose(newH, nextH);
  });

  it('multiRNNCell hands each output to the cell above', () => {
    const cell: w.LSTMCellFunc = (x, state, hidden) => [w.add(state, hidden), w.mul(x, 2)];
    const [newC, newH] = w.multiRNNCell([cell, cell], c, [c, h], [h, c]);
    expectClose(newC[1], rows(w.add(c, h)));
    expectClose(newH[1], rows(w.mul(c, 4)));
  });

  it('gruCell', () => {
    const [kernel, bias, other, otherBias] = [wave([5, 4], 4), wave([4], 5), wave([5, 2], 6), wave([2], 7)];
    const [b, d] = [bias, otherBias].map((x) => x.arraySync() as number[]);
    const gate = (n: number, j: number): number => sigma(dot(joined[n], column(rows(kernel), j)) + b[j]);
    const expected = rows(h).map((row, n) => {
      const inner = [...rows(data)[n], ...row.map((old, j) => gate(n, j) * old)];
      return row.map((old, j) => {
        const candidate = Math.tanh(dot(inner, column(rows(other), j)) + d[j]);
        return gate(n, j + 2) * old + (1 - gate(n, j + 2)) * candidate;
      });
    });
    expectClose(w.gruCell(kernel, bias, other, otherBias, data, h), expected);
  });
});

describe('scaledDotProductAttention', () => {
  const [q, k, v] = [wave([3, 4]), wave([3, 4], 2), wave([3, 2], 3)];
  const attended = (visible: (i: number, j: number) => boolean, added = (_i: number, _j: number) => 0): number[][] =>
    rows(q).map((query, i) => {
      const powers = rows(k).map((key, j) => (visible(i, j) ? Math.exp(dot(query, key) / 2 + added(i, j)) : 0));
      return [0, 1].map((f) => (total(powers) === 0 ? 0 : dot(powers, column(rows(v), f)) / total(powers)));
    });

  it('without a mask, and causal', () => {
    expectClose(
      w.scaledDotProductAttention(q, k, v),
      attended(() => true),
    );
    expectClose(
      w.scaledDotProductAttention(q, k, v, null, true),
      attended((i, j) => j <= i),
    );
  });

  it('with bools and with numbers', () => {
    const seen = [
      [true, false, true],
      [false, false, false],
      [true, true, false],
    ];
    expectClose(
      w.scaledDotProductAttention(q, k, v, seen),
      attended((i, j) => seen[i][j]),
    );
    expectClose(
      w.scaledDotProductAttention(q, k, v, seen, true),
      attended((i, j) => seen[i][j] && j <= i),
    );
    const bias = wave([3, 3], 4);
    expectClose(
      w.scaledDotProductAttention(q, k, v, bias),
      attended(
        () => true,
        (i, j) => rows(bias)[i][j],
      ),
    );
  });

  it('has finite gradients where a query sees nothing', () => {
    const [dq] = w.grads((a, b) => w.scaledDotProductAttention(a, b, v, [[false], [true], [true]]))([q, k]);
    expect(rows(dq)[0]).toEqual([0, 0, 0, 0]);
  });
});

describe('dropout', () => {
  it('drops about that many, and scales the others', () => {
    const y = Array.from(w.dropout(w.ones([2000]), 0.75, null, 5).dataSync());
    expect(new Set(y)).toEqual(new Set([0, 4]));
    expect(y.filter((value) => value === 0).length / 2000).toBeCloseTo(0.75, 1);
  });

  it('drops together what the noise repeats, and passes gradients to what is kept', () => {
    const f = (x: w.Tensor): w.Tensor => w.dropout(x, 0.5, [null, 1], 3);
    const y = rows(f(w.ones([6, 4])));
    expect(y.every((row) => new Set(row).size === 1)).toBe(true);
    expect(new Set(y.flat()).size).toBe(2);
    expect(rows(w.grad(f)(wave([6, 4])))).toEqual(y);
  });

  it('draws other elements each time without a seed', () => {
    w.setSeed(1);
    const [a, b] = [0, 1].map(() =>
      w
        .dropout(w.ones([50]), 0.5)
        .dataSync()
        .join(),
    );
    expect(a).not.toBe(b);
  });
});

describe('movingAverage', () => {
  it('takes back the weight of the zeros that it began with', () => {
    const xs = [3, -1, 4];
    let v = w.scalar(0);
    xs.forEach((x, i) => {
      v = w.movingAverage(v, x, 0.9, i + 1);
    });
    const plain = xs.reduce((old, x, i) => old + ((x - old) * 0.1) / (1 - 0.9 ** (i + 1)), 0);
    expect(v.item()).toBeCloseTo(plain, 12);
  });
});

describe('fused', () => {
  const [a, b, bias] = [wave([3, 4]), wave([4, 2], 2), wave([2], 3)];

  it.each<[w.fused.Activation, (x: number, j: number) => number]>([
    ['linear', (x) => x],
    ['relu', (x) => Math.max(x, 0)],
    ['relu6', (x) => Math.min(6, Math.max(x, 0))],
    ['elu', (x) => (x > 0 ? x : Math.exp(x) - 1)],
    ['leakyrelu', (x) => (x > 0 ? x : 0.1 * x)],
    ['prelu', (x, j) => (x > 0 ? x : [0.3, -2][j] * x)],
    ['sigmoid', sigma],
  ])('matMul, %s', (activation, f) => {
    const plain = rows(w.add(w.matMul(a, b), bias));
    const found = w.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.1, preluActivationWeights: [0.3, -2] });
    expectClose(
      found,
      plain.map((row) => row.map(f)),
    );
  });

  it('lays the bias along the channels of NCHW', () => {
    const [x, filter] = [wave([2, 3, 3, 2]), wave([2, 2, 2, 2], 2)];
    const args = {
      filter,
      strides: 1,
      pad: 'same',
      bias,
      activation: 'prelu',
      preluActivationWeights: [0.3, -2],
    } as const;
    for (const f of [
      w.fused.conv2d,
      (of: w.FusedConv2d) => w.fused.depthwiseConv2d({ ...of, bias: 1, preluActivationWeights: 2 }),
    ]) {
      const last = f({ ...args, x });
      const first = f({ ...args, x: w.transpose(x, [0, 3, 1, 2]), dataFormat: 'NCHW' });
      expect(w.transpose(first, [0, 2, 3, 1]).arraySync()).toEqual(last.arraySync());
    }
  });
});
