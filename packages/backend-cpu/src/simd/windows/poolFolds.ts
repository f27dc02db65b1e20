import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as v128 from '../../wasm/v128.ts';

/** What the code for a window refers to. */
export interface Window {
  readonly code: Code;
  /** The first of the channels in x, whose number among all elements each of four lanes has in `number`. */
  readonly at: Local;
  readonly number: (vector: number) => Value;
  /** Runs the body for each element of the window: it lies `tap` bytes behind the first, and its weight at `weight`. */
  readonly eachTap: (body: (tap: Local, weight: Value) => void) => void;
  /** What the sum of a mean is multiplied by, or the largest of nothing but NaN. */
  readonly otherwise: Local;
}

/** Computes so many vectors of channels of a window. */
export type Fold = (window: Window, vectors: number) => Local[];

const isNaN = (x: Value): Value => f32x4.ne(x, x);

export const mean: Fold = ({ code, at, eachTap, otherwise }, vectors) => {
  const sums = code.lets(vectors, code.floats(0));
  eachTap((tap) => {
    for (const [i, sum] of sums.entries()) code.set(sum, f32x4.add(sum, v128.load(i32.add(at, tap), 16 * i)));
  });
  for (const sum of sums) code.set(sum, f32x4.mul(sum, otherwise));
  return sums;
};

export const weighted: Fold = ({ code, at, eachTap }, vectors) => {
  const sums = code.lets(vectors, code.floats(0));
  const [from, weights] = code.locals(2, 'i32');
  eachTap((tap, weight) => {
    code.set(from, i32.add(at, tap));
    code.set(weights, weight);
    for (const [i, sum] of sums.entries()) {
      code.set(sum, f32x4.add(sum, f32x4.mul(v128.load(from, 16 * i), v128.load(weights, 16 * i))));
    }
  });
  return sums;
};

/**
 * Adds the products of the values with the weights to the elements of the window, or those with the elements to the
 * weights; if it is said which lanes are inside, only there.
 */
export function addProducts(
  { code, at, eachTap }: Window,
  vectors: number,
  toWeights: boolean,
  values: Local,
  inside: Value | null,
): void {
  const [from, weights] = code.locals(2, 'i32');
  const loaded = Array.from({ length: vectors }, (_, i) => code.let(v128.load(values, 16 * i)));
  eachTap((tap, weight) => {
    code.set(from, i32.add(at, tap));
    code.set(weights, weight);
    const [factors, sums] = toWeights ? [from, weights] : [weights, from];
    for (const [i, local] of loaded.entries()) {
      const product = f32x4.mul(local, v128.load(factors, 16 * i));
      const added = inside === null ? product : v128.and(product, inside);
      code.do(v128.store(sums, f32x4.add(v128.load(sums, 16 * i), added), 16 * i));
    }
  });
}

/** Whether in some lane nothing was larger than -Infinity, so that it matters whether there was a number at all. */
function undecided(best: readonly Local[]): Value {
  return v128.anyTrue(
    f32x4.eq(
      best.reduce<Value>((x, y) => f32x4.pmin(x, y), best[0]),
      -Infinity,
    ),
  );
}

/** NaN never wins. */
export const max: Fold = ({ code, at, eachTap, otherwise }, vectors) => {
  const best = code.locals(vectors);
  const [from, none] = [code.local('i32'), code.local()];
  for (const local of best) code.set(local, code.floats(-Infinity));
  eachTap((tap) => {
    code.set(from, i32.add(at, tap));
    for (const [i, local] of best.entries()) code.set(local, f32x4.pmax(local, v128.load(from, 16 * i)));
  });
  code.if(undecided(best), () => {
    for (const [i, local] of best.entries()) {
      code.set(none, f32x4.eq(local, -Infinity));
      eachTap((tap) => {
        const value = code.let(v128.load(i32.add(at, tap), 16 * i));
        code.set(none, v128.and(none, isNaN(value)));
      });
      code.set(local, v128.select(none, otherwise, local));
    }
  });
  return best;
};

/** The first of equals; a NaN only where there is nothing else. */
export const indices: Fold = ({ code, at, number, eachTap }, vectors) => {
  const best = code.locals(vectors);
  const where = code.locals(vectors);
  const [value, better, place, from] = [...code.locals(3), code.local('i32')];
  const find = (isBetter: (best: Local) => Value): void => {
    for (const local of best) code.set(local, code.floats(-Infinity));
    for (const local of where) code.set(local, code.ints(0));
    eachTap((tap) => {
      code.set(from, i32.add(at, tap));
      code.set(place, i32x4.splat(tap));
      for (const [i, local] of best.entries()) {
        code.set(value, v128.load(from, 16 * i));
        code.set(better, isBetter(local));
        code.set(local, v128.select(better, value, local));
        code.set(where[i], v128.select(better, place, where[i]));
      }
    });
  };
  find((local) => f32x4.gt(value, local));
  code.if(undecided(best), () => {
    // Until a number is found the best is a NaN.
    const found = code.lets(vectors, code.ints(0));
    find((local) => {
      const i = best.indexOf(local);
      const first = code.let(v128.andNot(v128.not(isNaN(value)), found[i]));
      code.set(found[i], v128.or(found[i], v128.not(isNaN(value))));
      return v128.or(f32x4.gt(value, local), first);
    });
  });
  return where.map((local, i) => code.let(i32x4.add(number(i), i32x4.shiftRight(local, 2))));
};

/** Puts values where the largest elements were, and zeros elsewhere in the window, or adds these. */
export function scatter(
  { code, at, number, eachTap }: Window,
  vectors: number,
  adds: boolean,
  g: Local,
  numbers: Value,
): void {
  const values = code.locals(vectors);
  const where = code.locals(vectors);
  const [place, to] = [code.local(), code.local('i32')];
  code.set(to, numbers);
  for (const [i, local] of values.entries()) {
    code.set(local, v128.load(g, 16 * i));
    code.set(where[i], i32x4.shl(i32x4.sub(v128.load(to, 16 * i), number(i)), 2));
  }
  eachTap((tap) => {
    code.set(to, i32.add(at, tap));
    code.set(place, i32x4.splat(tap));
    for (const [i, local] of values.entries()) {
      const value = v128.and(local, i32x4.eq(where[i], place));
      // Added to a zero at least, as what is added up is never -0.
      code.do(v128.store(to, f32x4.add(value, adds ? v128.load(to, 16 * i) : code.floats(0)), 16 * i));
    }
  });
}
