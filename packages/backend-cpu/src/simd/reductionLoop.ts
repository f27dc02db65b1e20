import type { Code, Local, Value } from '../wasm/code.ts';
import * as f32 from '../wasm/f32.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as f64 from '../wasm/f64.ts';
import * as i32 from '../wasm/i32.ts';
import { lanes } from '../wasm/instruction.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';
import { total } from './vectors.ts';

const BYTES = 4;
/** So many floats are added before their sum goes on in double. */
const CHUNK = 2 ** 10;

/** How vectors are folded, and what a fold begins with. */
export interface Fold {
  readonly start: number;
  readonly combine: (code: Code, x: Value, y: Value) => Value;
  /** One instruction instead of many, whose result holds unless it is a zero or there was a NaN. */
  readonly quick?: (x: Value, y: Value) => Value;
  /** The fold of the four lanes, as a float. */
  readonly across: (code: Code, x: Value) => Value;
}

function extreme(start: number, better: (x: Value, y: Value) => Value, quick?: Fold['quick']): Fold {
  return {
    start,
    combine: (_, x, y) => better(x, y),
    ...(quick && { quick }),
    across(code, x) {
      const vector = code.let('v128', x);
      const half = code.let('v128', better(vector, lanes(vector, vector, [2, 3, 2, 3])));
      return f32x4.extract(better(half, lanes(half, half, [1, 1, 1, 1])), 0);
    },
  };
}

export const folds: Readonly<Record<'sum' | 'max' | 'min' | 'maxOfNumbers', Fold>> = {
  sum: { start: 0, combine: (_, x, y) => f32x4.add(x, y), across: total },
  max: extreme(Number.NEGATIVE_INFINITY, f32x4.max, f32x4.pmax),
  min: extreme(Number.POSITIVE_INFINITY, f32x4.min, f32x4.pmin),
  // Whether a NaN remains is left to chance.
  maxOfNumbers: extreme(Number.NEGATIVE_INFINITY, f32x4.pmax),
};

/** The fold of the floats from `at` to before `end`, which it moves there, as a float. */
export function foldRun(code: Code, fold: Fold, at: Local, end: Value): Value {
  const { start, quick } = fold;
  const sums = Array.from({ length: 4 }, () => code.local('v128'));
  const run = (each: (sum: Local, value: Local) => void): void => {
    const step = (bytes: number, body: () => void): void =>
      code.while(i32.le(i32.add(at, i32.const(bytes)), end), () => {
        body();
        code.set(at, i32.add(at, i32.const(bytes)));
      });
    for (const sum of sums) code.set(sum, code.floats(start));
    step(64, () => {
      for (const [j, sum] of sums.entries()) each(sum, code.let('v128', v128.load(at, 16 * j)));
    });
    step(16, () => each(sums[0], code.let('v128', v128.load(at))));
    step(4, () => {
      const one = code.let('v128', v128.load32Splat(at));
      each(sums[1], code.let('v128', lanes(one, code.floats(start), [0, 4, 4, 4])));
    });
  };
  const exact = (): void => run((sum, value) => code.set(sum, fold.combine(code, sum, value)));
  const folded = (): Value => {
    const [a, b, c, d] = sums;
    return fold.across(code, fold.combine(code, fold.combine(code, a, b), fold.combine(code, c, d)));
  };
  if (quick === undefined) {
    exact();
    return folded();
  }
  const from = code.let('i32', at);
  const unordered = code.let('v128', code.floats(0));
  run((sum, value) => {
    code.set(sum, quick(sum, value));
    code.set(unordered, v128.or(unordered, f32x4.ne(value, value)));
  });
  const result = code.let('f32', folded());
  code.if(i32.or(v128.anyTrue(unordered), f32.eq(result, f32.const(0))), () => {
    code.set(at, from);
    exact();
    code.set(result, folded());
  });
  return result;
}

/** Folds each row of x, contiguous, into one element of out. Parameters: out, x, rows, columns. */
export function alongRows(fold: Fold): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, rows, columns] = [0, 1, 2, 3].map((i) => code.parameter(i));
      const [end, stop] = [code.local('i32'), code.local('i32')];
      const sum = code.local('f64');
      code.while(rows, () => {
        code.set(end, i32.add(x, i32.mul(columns, i32.const(BYTES))));
        code.set(sum, f64.const(fold.start));
        code.while(i32.lt(x, end), () => {
          code.set(stop, i32.add(x, i32.const(CHUNK * BYTES)));
          code.if(i32.lt(end, stop), () => code.set(stop, end));
          const folded = f64.promote(foldRun(code, fold, x, stop));
          code.set(sum, fold.start === 0 ? f64.add(sum, folded) : (fold.start < 0 ? f64.max : f64.min)(sum, folded));
        });
        code.do(f32.store(out, f32.demote(sum)));
        code.set(out, i32.add(out, i32.const(BYTES)));
        code.set(rows, i32.sub(rows, i32.const(1)));
      });
    },
  };
}

/**
 * Folds rows of x into one row, `out`, which holds a fold already. Parameters: out, x with the bytes from one row to the
 * next, rows, columns. Eight rows at a time, so that out is seldom read.
 */
export function acrossRows(fold: Fold): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, row, rows, columns] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
      const to = code.local('i32');
      const bytes = code.let('i32', i32.mul(columns, i32.const(BYTES)));
      const bulk = code.let('i32', i32.add(out, i32.and(bytes, i32.const(-16))));
      const end = code.let('i32', i32.add(out, bytes));
      const from = Array.from({ length: 8 }, () => code.local('i32'));
      const pass = (count: number): void => {
        const run = (
          until: Value,
          size: number,
          load: (address: Value) => Value,
          store: (value: Value) => Value,
        ): void =>
          code.while(i32.lt(to, until), () => {
            const values = from.slice(0, count).map(load);
            while (values.length > 1) values.push(fold.combine(code, values.shift() as Value, values.shift() as Value));
            code.do(store(fold.combine(code, load(to), values[0])));
            for (const local of [to, ...from.slice(0, count)]) code.set(local, i32.add(local, i32.const(size)));
          });
        code.while(i32.ge(rows, i32.const(count)), () => {
          code.set(to, out);
          code.set(from[0], x);
          for (let i = 1; i < count; i++) code.set(from[i], i32.add(from[i - 1], row));
          run(
            bulk,
            16,
            (address) => v128.load(address),
            (value) => v128.store(to, value),
          );
          run(
            end,
            BYTES,
            (address) => v128.load32Splat(address),
            (value) => f32.store(to, f32x4.extract(value, 0)),
          );
          code.set(x, i32.add(x, i32.mul(row, i32.const(count))));
          code.set(rows, i32.sub(rows, i32.const(count)));
        });
      };
      for (const count of [8, 1]) pass(count);
    },
  };
}
