import { type Formula, type Lowering, lower, type Operation } from '@wengert/fusion';
import { EXACT, INT32_BOUND } from './texture.ts';

/** What is known of a tensor's values before they are there. */
export interface Known {
  /** No element of an int32 tensor is greater than this in magnitude. */
  readonly bound: number;
}

/** Sums and products have to stay where floats hold every integer. */
const exact = (bound: number): number => (bound <= EXACT ? bound : Infinity);
/** -2^31 has no counterpart, and quotients of what is not exact are not either. */
const narrow = (bound: number, ...others: readonly number[]): number =>
  Math.max(bound, ...others) < INT32_BOUND ? bound : Infinity;

/** The magnitudes of int32 results from those of the arguments; infinite where floats do not hold them. */
const BOUNDS: { readonly [op in Operation]?: (...bounds: number[]) => number } = {
  add: (x, y) => exact(x + y),
  sub: (x, y) => exact(x + y),
  mul: (x, y) => exact(x * y),
  min: Math.max,
  max: Math.max,
  mod: (_, y) => narrow(y),
  floorDiv: narrow,
  neg: narrow,
  abs: narrow,
  // With a negative argument all bits below the highest one may be set.
  bitAnd: (x, y) => exact(2 ** Math.ceil(Math.log2(Math.max(x, y, 1)))),
  select: (_, x, y) => Math.max(x, y),
  cast: (x) => x,
};

/** The bound of a formula's results, from those of its inputs; null where floats do not compute it exactly. */
export function boundOf({ body }: Formula, inputs: readonly number[]): number | null {
  let fits = true;
  const lowering: Lowering<number> = {
    constant: ({ value }) => Math.abs(value),
    apply({ op, type, args: [first] }, bounds) {
      if (type !== 'int') return type === 'bool' ? 1 : INT32_BOUND;
      const bound = op === 'cast' && first.type === 'float' ? INT32_BOUND : (BOUNDS[op]?.(...bounds) ?? Infinity);
      fits &&= bound < Infinity;
      return bound;
    },
  };
  const bound = lower(body, inputs, lowering);
  return fits ? bound : null;
}
