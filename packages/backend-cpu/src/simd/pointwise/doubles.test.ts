import { type Dispatch, grad, observe, setBackend, type Tensor, tensor, tidy, variable } from '@wengert/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generator } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { graph } from './graph.ts';

const random = generator(17);
type Program = (x: Tensor, row: Tensor, column: Tensor) => Tensor;

let seen: Dispatch[] = [];
let stop = (): void => {};

beforeEach(async () => {
  await setBackend(createCpuBackend());
  seen = [];
  stop = observe((event) => seen.push(event));
});
afterEach(() => stop());

const uniform = (shape: readonly number[]): Tensor => tensor(random(shape, 'float64', -2, 2).data, shape, 'float64');
const fused = (): string[] => seen.filter(({ route }) => route === 'fused').map(({ op }) => op);
const placeOf = (x: Tensor): number => x.borrow((view) => view.byteOffset);

/** What a program gives for the same values in plain loops. */
async function plainly(program: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): Promise<Float64Array> {
  const given = inputs.map((x) => ({ data: x.dataSync<'float64'>(), shape: x.shape }));
  await setBackend(createCpuBackend({ simd: false }));
  return program(...given.map(({ data, shape }) => tensor(data, shape, 'float64'))).dataSync<'float64'>();
}

/** Of one pass each, in which every bit is that of plain loops. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  'mul+add+abs+sqrt+sub': (x, row, column) => x.mul(row).add(column).abs().sqrt().sub(row),
  'relu+mul+add': (x, row) => x.relu().mul(row).add(0.1),
  'exp+add+log+mul': (x) =>
    x
      .exp()
      .add(0.1)
      .log()
      .mul(1 / 3),
  'less+abs+pow+where': (x, row, column) => x.abs().pow(column).where(x.less(row), row),
  'less+less+mul+cast+mul': (x, row) => x.greater(0).logicalAnd(x.less(row)).cast('float64').mul(x),
  'round+cast+logicalNot+cast+sub': (x, row) => x.round().cast('bool').logicalNot().cast('float64').sub(row),
  'mul+cast+cast+add+mul+cast+div': (x, row) => x.mul(1e10).cast('int32').add(7).mul(3).cast('float64').div(row),
  'cast+mul+cast+sub': (x, row) => x.cast('float32').mul(0.1).cast('float64').sub(row),
  'sub+maximum+minimum+neg': (x, row, column) => x.sub(0.1).maximum(row).minimum(column).neg(),
};

describe('a chain of float64', () => {
  // First, as long as the heap has room for what is born outside of scopes.
  it('updates weights where they lie', () => {
    const weights = variable(uniform([200, 301]));
    const gradient = uniform([200, 301]);
    tidy(() => weights.assign(weights.add(0)));
    const [before, place] = [weights.dataSync<'float64'>(), placeOf(weights)];
    tidy(() => weights.assign(weights.sub(gradient.mul(0.1))));
    const slope = gradient.dataSync<'float64'>();
    expect(weights.dataSync<'float64'>()).toEqual(before.map((w, i) => w - 0.1 * slope[i]));
    expect(placeOf(weights)).toBe(place);
    expect(place).toBeGreaterThan(0);
  });

  for (const [ops, program] of Object.entries(PROGRAMS)) {
    it(`has the bits of plain loops: ${ops}`, async () => {
      const inputs = [uniform([183, 203]), uniform([203]), uniform([183, 1])];
      const actual = program(inputs[0], inputs[1], inputs[2]).dataSync<'float64'>();
      expect(fused()).toEqual([ops]);
      expect(actual).toEqual(await plainly((x, row, column) => program(x, row, column), inputs));
    });
  }

  it('keeps numbers of the host as they are', () => {
    const number = graph.scalar(0.1, 'double', { dtype: 'float64', scoped: true, workers: null });
    expect(graph.valueOf(number).data).toEqual(Float64Array.of(0.1));
  });

  it('has gradients with the bits of plain loops, masks beside doubles', async () => {
    const inputs = [uniform([183, 203]), uniform([203])];
    const slope = (x: Tensor, row: Tensor): Tensor => grad((y: Tensor) => y.relu().mul(row).abs().sum())(x);
    const actual = slope(inputs[0], inputs[1]).dataSync<'float64'>();
    expect(fused().length).toBeGreaterThan(0);
    expect(actual).toEqual(await plainly((x, row) => slope(x, row), inputs));
  });

  it.each(['elu', 'selu', 'softplus', 'softsign', 'silu', 'relu6'] as const)(
    '%s is right to the last bits',
    async (op) => {
      const inputs = [uniform([211, 200])];
      const actual = inputs[0].mul(4)[op]().dataSync<'float64'>();
      const expected = await plainly((x) => x.mul(4)[op](), inputs);
      const errors = expected.map((y, i) => Math.abs(actual[i] - y) / Math.abs(y || 1));
      expect(Math.max(...errors)).toBeLessThanOrEqual(4 * 2 ** -53);
    },
  );

  it('comes to the heap piece by piece from elsewhere, however many arrays there are', async () => {
    // As much as may lie there that nobody promised to free.
    const filler = uniform([2 ** 21]).add(1);
    filler.dataSync();
    for (const shape of [[40007], [200, 203], [20, 2003]]) {
      const inputs = Array.from({ length: 12 }, () => uniform(shape));
      const program = (...all: Tensor[]): Tensor => all.reduce((sum, x) => sum.mul(0.9).add(x));
      const actual = program(...inputs).dataSync<'float64'>();
      for (const x of inputs) expect(placeOf(x)).toBe(0);
      expect(actual).toEqual(await plainly(program, inputs));
      await setBackend(createCpuBackend());
    }
    filler.dispose();
  });
});
