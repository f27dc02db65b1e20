import {
  type Backend,
  convertValues,
  type DType,
  isFloating,
  reshape,
  type Shape,
  sizeOf,
  Tensor,
  tidy,
  toTensor,
} from '@wengert/core';
import type { Generator } from '@wengert/core/samples';
import { matrixValues } from './matrices.ts';
import { type Random, randomFrom, shuffle } from './random.ts';

/** A generator that can also repeat how a tensor was made, under another shape. */
export interface SeededGenerator extends Generator {
  /** New values of the kind and range of `x`, which this generator made. Undefined where `x` has one shape only. */
  again(x: Tensor, shape: Shape): Tensor | undefined;
}

/**
 * The generator of the suites: for one seed and dtype it gives the same host numbers, rounded to that dtype, on whatever
 * backend they are written to. `refill` may replace floats that are drawn without a range.
 */
export function createGenerator(
  backend: Backend,
  dtype: DType,
  seed: string,
  refill: (values: Float64Array, random: Random) => void = () => undefined,
): SeededGenerator {
  const random = randomFrom(seed);
  const recipes = new WeakMap<Tensor, (shape: Shape) => Tensor>();
  const write = (values: ArrayLike<number>, shape: Shape, type: DType): Tensor =>
    tidy(() => reshape(toTensor('sample', convertValues(values, type), backend, type), shape));

  const made =
    <A extends readonly unknown[]>(draw: (count: number, ...args: A) => Float64Array, type: DType) =>
    (shape: Shape, ...args: A): Tensor => {
      const make = (other: Shape): Tensor => {
        const values = draw(sizeOf(other), ...args);
        if (args.length === 0 && isFloating(type)) refill(values, random);
        return write(values, other, type);
      };
      const x = make(shape);
      recipes.set(x, make);
      return x;
    };
  const matrices =
    (kind: 'spd' | 'dominant') =>
    (shape: Shape): Tensor =>
      write(matrixValues(kind, shape, random, dtype), shape, dtype);

  const draws = scalarDraws(random, dtype);
  return {
    dtype,
    dtypes: [...backend.dtypes],
    uniform: made(draws.uniform, dtype),
    awayFromZero: made(draws.awayFromZero, dtype),
    distinct: made(draws.distinct, dtype),
    spd: matrices('spd'),
    dominant: matrices('dominant'),
    indices: made((count, limit: number) => fill(count, () => Math.floor(random() * limit)), 'int32'),
    bools: made((count) => fill(count, () => Number(random() < 0.5)), 'bool'),
    exactly: (values) => (values instanceof Tensor ? values : toTensor('sample', values, backend, dtype)),
    wrong: <T>(value: unknown): T => value as T,
    again: (x, shape) => recipes.get(x)?.(shape),
  };
}

function fill(count: number, draw: (i: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => draw(i));
}

/** What the methods draw where the dtype is a float, an int32 or a bool. */
function scalarDraws(random: Random, dtype: DType) {
  const sign = (): number => (random() < 0.5 ? -1 : 1);
  if (dtype === 'bool') {
    const bits = (count: number): Float64Array => fill(count, () => Number(random() < 0.5));
    return { uniform: bits, awayFromZero: (count: number) => fill(count, () => 1), distinct: bits };
  }
  if (dtype === 'int32') {
    return {
      // The range in which samples of floats lie holds hardly an integer, unless they say which range they need.
      uniform(count: number, low = -9, high = 10): Float64Array {
        const first = Math.ceil(low);
        const choices = Math.max(1, Math.ceil(high) - first);
        return fill(count, () => first + Math.floor(random() * choices));
      },
      awayFromZero: (count: number, margin = 0): Float64Array =>
        fill(count, () => sign() * Math.ceil(Math.max(margin, 1) + 3 * random())),
      distinct: (count: number): Float64Array =>
        shuffle(
          fill(count, (i) => i - (count >> 1)),
          random,
        ),
    };
  }
  return {
    uniform: (count: number, low = -1, high = 1): Float64Array => fill(count, () => low + (high - low) * random()),
    awayFromZero: (count: number, margin = 0.2): Float64Array =>
      fill(count, () => sign() * (margin + (1.5 - margin) * random())),
    distinct: (count: number): Float64Array =>
      shuffle(
        fill(count, (i) => 0.15 * (i - count / 2) + 0.04 * random()),
        random,
      ),
  };
}
