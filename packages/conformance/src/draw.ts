import { type Backend, concat, type DType, type Shape } from '@wengert/core';
import type { Draw } from '@wengert/core/samples';
import { createGenerator, type SeededGenerator } from './generator.ts';
import type { Random } from './random.ts';

/** Answers a question with `count` answers by the number of one: 0 is the simplest. */
export type Choices = (count: number) => number;

/** A `Draw` that can repeat how a tensor was made. */
export interface SeededDraw extends Draw, SeededGenerator {}

/** What stands in the place of smooth floats: as drawn, among few values that are often equal, or with NaN and infinities. */
export const FILLINGS = ['smooth', 'ties', 'special'] as const;
export type Filling = (typeof FILLINGS)[number];

const TIES = [0, 1, 1, 2, -1, -0.5];
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0];

/** How many sequences of numbers there are for one seed. */
const STREAMS = 1000;

const LENGTHS = [1, 2, 3, 2, 4, 3, 5, 0];
const FEW_LENGTHS = [1, 2, 3, 2, 2, 0];

/** Where and how a call is drawn. */
export interface Drawing {
  readonly backend: Backend;
  readonly dtype: DType;
  /** What the numbers in tensors belong to, beside one number of their own for each call. */
  readonly seed: string;
  readonly filling?: Filling;
  /** Whether to keep tensors small, for checks that cost much per element. */
  readonly small?: boolean;
}

/** Draws that ask `choose`, and take the numbers in tensors from the stream that belongs to the seed. */
export function createDraw(choose: Choices, { backend, dtype, seed, filling = 'smooth', small }: Drawing): SeededDraw {
  const generator = createGenerator(backend, dtype, `${seed} ${choose(STREAMS)}`, (values, random) =>
    fill(values, filling, random),
  );
  const lengths = small ? FEW_LENGTHS : LENGTHS;
  const pick = <const T extends readonly unknown[]>(...choices: T): T[number] => choices[choose(choices.length)];
  const int = (low: number, high: number): number => low + choose(Math.max(1, high - low + 1));
  const list = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
  const length = (least = 0): number => pick(...lengths.filter((n) => n >= least));
  const axis = (rank: number): number => int(0, rank - 1) - pick(0, rank);
  const order = (count: number): number[] => {
    const numbers = list(count, (i) => i);
    for (let i = 0; i < count - 1; i++) numbers.splice(i, 0, ...numbers.splice(int(i, count - 1), 1));
    return numbers;
  };
  return {
    ...generator,
    int,
    pick,
    list,
    length,
    axis,
    order,
    coordinates(shape, limits) {
      const columns = limits.map((limit) => generator.indices([...shape, 1], limit));
      return columns.length === 0 ? generator.indices([...shape, 0], 1) : concat(columns, -1);
    },
    shape: (least = 0, most = small ? 3 : 4) => list(int(least, most), () => length()),
    axes(rank) {
      const kind = pick('one', 'all', 'several', 'several', 'none', 'twice');
      if (kind === 'all' || rank === 0) return pick(undefined, null, []);
      if (kind === 'one') return axis(rank);
      if (kind === 'none') return [];
      const chosen = order(rank)
        .slice(0, int(1, rank))
        .map((i) => i - pick(0, rank));
      return kind === 'twice' ? [...chosen, ((chosen[0] + rank) % rank) - pick(0, rank)] : chosen;
    },
    narrowed(shape) {
      const kept = shape.map((n) => pick(n, n, 1));
      return kept.slice(pick(0, 0, int(0, shape.length)));
    },
    tensor(shape: Shape) {
      const kind = pick('float', 'float', 'float', 'int32', 'bool');
      return kind === 'int32'
        ? generator.indices(shape, 9)
        : kind === 'bool'
          ? generator.bools(shape)
          : generator.uniform(shape);
    },
  };
}

/** Replaces floats in place. */
function fill(values: Float64Array, filling: Filling, random: Random): void {
  if (filling === 'smooth') return;
  for (let i = 0; i < values.length; i++) {
    if (filling === 'ties') values[i] = TIES[Math.floor(random() * TIES.length)];
    else if (random() < 0.4) values[i] = SPECIAL[Math.floor(random() * SPECIAL.length)];
  }
}
