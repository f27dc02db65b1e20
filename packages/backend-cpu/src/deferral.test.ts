import {
  type Dispatch,
  dispose,
  GradientTape,
  grad,
  memory,
  observe,
  setBackend,
  type Tensor,
  tensor,
  tidy,
  variable,
} from '@wengert/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generator } from './agreement.ts';
import { createCpuBackend } from './createCpuBackend.ts';

const MILLION = [1000, 1000];
const random = generator(11);
const uniform = (shape: readonly number[], low = -2, high = 2): Tensor =>
  tensor(random(shape, 'float32', low, high).data, shape);

let seen: Dispatch[] = [];
let stop = (): void => {};

beforeEach(async () => {
  await setBackend(createCpuBackend());
  seen = [];
  stop = observe((event) => seen.push(event));
});
afterEach(() => stop());

const fused = (): string[] => seen.filter(({ route }) => route === 'fused').map(({ op }) => op);

/** What the plain loops compute. */
async function plainly(f: () => Tensor): Promise<Float32Array> {
  await setBackend(createCpuBackend({ simd: false }));
  return f().dataSync<'float32'>();
}

function expectClose(actual: Float32Array, expected: Float32Array, tolerance = 3e-6): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i])));
  }
  expect(worst).toBeLessThan(tolerance);
}

describe('a chain on many elements', () => {
  // First, as long as the heap has room for what is born outside of scopes.
  it('updates weights where they lie, if it is the last to need them', () => {
    const weights = variable(uniform([400, 300]));
    const placeOf = (x: Tensor): number => x.borrow((view) => view.byteOffset);
    for (let i = 0; i < 4; i++) {
      const before = weights.dataSync<'float32'>();
      const place = placeOf(weights);
      const slope = tidy(() => {
        const gradient = uniform([300, 400]).transpose();
        weights.assign(weights.sub(gradient.mul(0.1)));
        return gradient.dataSync<'float32'>()[7];
      });
      // The first weights came from outside.
      if (i > 0) expect(placeOf(weights)).toBe(place);
      expect(placeOf(weights)).toBeGreaterThan(0);
      expect(weights.dataSync<'float32'>()[7]).toBeCloseTo(before[7] - 0.1 * slope, 6);
    }
    expect(fused()).toEqual(new Array(4).fill('mul+sub'));
  });

  it('is one pass over memory, with and without a scope', () => {
    const [a, b, c] = [0, 1, 2].map(() => uniform(MILLION));
    const chain = (): Tensor => a.mul(b).add(c).tanh().mul(0.5);
    tidy(chain).dataSync();
    expect(fused()).toEqual(['mul+add+tanh+mul']);
    expect(seen.at(-1)?.outputs.length).toBe(1);
    const loose = chain();
    loose.dataSync();
    expect(fused()).toEqual(['mul+add+tanh+mul', 'mul+add+tanh+mul']);
    expect(seen.at(-1)?.outputs.length).toBe(1);
  });

  it('stores what a tape keeps in the same pass, and its gradient is one pass per source', () => {
    const [a, b, c] = [0, 1, 2].map(() => uniform(MILLION));
    const tape = new GradientTape();
    tape.watch([a, b]);
    const y = tidy(() => a.mul(b).add(c).tanh().mul(0.5));
    y.dataSync();
    expect(fused()).toEqual(['mul+add+tanh+mul']);
    expect(seen.at(-1)?.outputs.length).toBe(2);
    const gradients = tape.gradient(y, [a, b]);
    for (const g of gradients) g?.dataSync();
    expect(fused().length).toBeLessThanOrEqual(3);
    const [x0, w0] = [a.dataSync<'float32'>()[7], b.dataSync<'float32'>()[7]];
    const t = Math.tanh(x0 * w0 + c.dataSync<'float32'>()[7]);
    expect(gradients[0]?.dataSync<'float32'>()[7]).toBeCloseTo(0.5 * (1 - t * t) * w0, 5);
  });

  it('has the values of plain loops, broadcast, reshaped and beyond what vectors reach', async () => {
    const [x, row, column] = [uniform([300, 200]), uniform([200]), uniform([300, 1], 1, 3)];
    const far = x.mul(x.greater(1.9).cast('float32')).mul(1e6);
    const programs: ((x: Tensor, row: Tensor, column: Tensor, far: Tensor) => Tensor)[] = [
      (x, row, column) => x.mul(row).add(column).exp().sub(row),
      (x, row, column) =>
        x
          .mul(row)
          .reshape([200, 300])
          .add(column.reshape([300]))
          .relu(),
      (x, row, _, far) => far.sin().add(x).mul(row).cos(),
      (x, row, column) => x.abs().pow(column).where(x.less(row), row),
      (x) => x.mul(100).cast('int32').add(7).mul(3).cast('float32').neg(),
      (x) => x.greater(0).logicalAnd(x.less(1)).cast('float32').mul(x.atan()),
    ];
    const inputs = [x, row, column, far];
    const given = inputs.map((one) => ({ data: one.dataSync<'float32'>(), shape: one.shape }));
    for (const program of programs) {
      await setBackend(createCpuBackend());
      const actual = program(x, row, column, far).dataSync<'float32'>();
      const expected = await plainly(() => {
        const [px, prow, pcolumn, pfar] = given.map(({ data, shape }) => tensor(data, shape));
        return program(px, prow, pcolumn, pfar);
      });
      expectClose(actual, expected, 1e-5);
    }
    expect(fused().length).toBeGreaterThanOrEqual(programs.length);
  });

  it('reads views whose lengths do not go together', async () => {
    const program = (x: Tensor, four: Tensor, six: Tensor): Tensor =>
      x.reshape([12000, 4]).add(four).reshape([8000, 6]).mul(six);
    const values = [uniform([48000]), uniform([4]), uniform([6])];
    const given = values.map((one) => ({ data: one.dataSync<'float32'>(), shape: one.shape }));
    const [x, four, six] = values;
    const actual = program(x, four, six).dataSync<'float32'>();
    expect(fused()).toEqual(['add+mul']);
    const expected = await plainly(() => {
      const [px, pfour, psix] = given.map(({ data, shape }) => tensor(data, shape));
      return program(px, pfour, psix);
    });
    expect(actual).toEqual(expected);
  });
});

describe('resources', () => {
  it('come back when everything is disposed, whatever was read', () => {
    const before = memory();
    const x = uniform([300, 300]);
    const all = [x.add(1), tidy(() => x.mul(2).relu()), x.exp()];
    all.push(all[0].mul(all[1]), all[1].sub(all[2]));
    all[3].dataSync();
    dispose([x, ...all]);
    expect(memory()).toEqual(before);
  });

  it('are bounded for ever new formulas', () => {
    const x = uniform([256, 200], 0.5, 1);
    const ops = ['neg', 'abs', 'floor', 'relu', 'square', 'sqrt'] as const;
    const heads = new Set<string>();
    for (let i = 0; i < 400; i++) {
      tidy(() => {
        let y: Tensor = x;
        for (let rest = i + 6; rest > 0; rest = Math.floor(rest / ops.length)) y = y[ops[rest % ops.length]]();
        y.dataSync();
      });
    }
    for (const op of fused()) heads.add(op);
    expect(heads.size).toBeGreaterThan(100);
    expect(heads.size).toBeLessThanOrEqual(256);
  });

  it('do not pile up behind results that nobody asks for', () => {
    for (let i = 0; i < 60; i++) uniform([200, 200]).add(i);
    expect(seen.filter(({ op }) => op === 'add').length).toBe(60);
    const last = uniform([200, 200]);
    expect(grad((x: Tensor) => x.add(1).sum())(last).dataSync<'float32'>()[5]).toBe(1);
  });
});
