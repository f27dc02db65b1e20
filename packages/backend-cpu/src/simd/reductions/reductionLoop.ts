import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i8x16 from '../../wasm/i8x16.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import { lanes } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import type { Fold } from './folds.ts';

/** So many bytes of floats are added before their sum goes on in double. */
const CHUNK = 2 ** 12;

/** How many elements a vector holds. */
function countOf({ lanes, size }: Fold): number {
  return lanes === 'doubles' ? 2 : 16 / size;
}

/** The bytes in memory of as many elements as a vector holds. */
function spanOf(fold: Fold): number {
  return fold.size * countOf(fold);
}

/** Whether folds are kept as doubles. */
export function keepsDoubles({ lanes, widens }: Fold): boolean {
  return widens || lanes === 'doubles';
}

function load(fold: Fold, address: Value, offset = 0): Value {
  return spanOf(fold) < 16 ? f64x2.fromFloats(v128.load64(address, offset)) : v128.load(address, offset);
}

/** The fold of all elements of a vector, in each place; of bools, in the first. */
export function acrossLanes(code: Code, fold: Fold, x: Value): Local {
  const result = code.let(x);
  const add = (turned: Value): void => code.set(result, fold.combine(result, turned));
  add(lanes(result, result, [2, 3, 0, 1]));
  if (countOf(fold) > 2) add(lanes(result, result, [1, 0, 3, 2]));
  if (countOf(fold) > 4) for (const bits of [16, 8]) add(i32x4.shiftRight(result, bits));
  return result;
}

/** The elements of a vector at `at` that lie before `end`, at least one, and what folds begin with in the other places. */
function before(code: Code, fold: Fold, x: Value, at: Value, end: Value): Value {
  const offsets = Uint8Array.from({ length: 16 }, (_, i) => Math.floor((i * countOf(fold)) / 16) * fold.size);
  const [a, b, c, d] = new Int32Array(offsets.buffer);
  const inside = i8x16.lt(code.lanes(a, b, c, d), i8x16.splat(i32.sub(end, at)));
  return v128.select(inside, x, code[fold.lanes](fold.start));
}

/** What is folded, from loads of the vector at `at` or of others beside it. */
export type Made = (load: (address: Value) => Value) => Value;

/** The fold of what lies from `at` to before `end`, or is made of it, in each place of a vector. It moves `at` there. */
export function foldRun(code: Code, fold: Fold, at: Local, end: Value, made: Made = (load) => load(at)): Local {
  const { combine, quick } = fold;
  const span = spanOf(fold);
  const sums = code.locals(4);
  const run = (each: (sum: Local, value: Local) => void): void => {
    for (const sum of sums) code.set(sum, code[fold.lanes](fold.start));
    const value = (j: number): Value => made((address) => load(fold, address, span * j));
    for (const some of [sums, [sums[0]]]) {
      const bytes = span * some.length;
      code.upTo([at], i32.sub(end, bytes - 1), bytes, () => {
        for (const [j, sum] of some.entries()) each(sum, code.let(value(j)));
      });
    }
    code.if(i32.lt(at, end), () => {
      each(sums[1], code.let(before(code, fold, value(0), at, end)));
      code.set(at, end);
    });
  };
  const exact = (): void => run((sum, value) => code.set(sum, combine(sum, value)));
  const folded = (): Local => {
    const [a, b, c, d] = sums;
    return acrossLanes(code, fold, combine(combine(a, b), combine(c, d)));
  };
  if (quick === undefined) {
    exact();
    return folded();
  }
  const [better, differ] = quick;
  const from = code.let(at, 'i32');
  const unordered = code.let(code.floats(0));
  run((sum, value) => {
    code.set(sum, better(sum, value));
    code.set(unordered, v128.or(unordered, differ(value, value)));
  });
  const result = folded();
  const nonZero = differ(result, code.floats(0));
  code.if(v128.anyTrue(v128.or(unordered, v128.not(nonZero))), () => {
    code.set(at, from);
    exact();
    code.set(result, folded());
  });
  return result;
}

/** A vector as those in which folds are kept. */
function parts({ widens }: Fold, x: Local): Value[] {
  return widens ? [f64x2.fromFloats(x), f64x2.fromFloats(lanes(x, x, [2, 3, 2, 3]))] : [x];
}

function merged({ widens, combine }: Fold, x: Value, y: Value): Value {
  return (widens ? f64x2.add : combine)(x, y);
}

/** Adds the fold of what lies from `at` to before `end` to the first of those kept in `sum`. It moves `at` there. */
export function foldRow(code: Code, fold: Fold, sum: Local, at: Local, end: Local, made?: Made): void {
  const add = (until: Local): void =>
    code.set(sum, merged(fold, sum, parts(fold, foldRun(code, fold, at, until, made))[0]));
  if (!fold.widens) {
    add(end);
    return;
  }
  const stop = code.local('i32');
  code.while(i32.lt(at, end), () => {
    code.set(stop, i32.add(at, CHUNK));
    code.if(i32.lt(end, stop), () => code.set(stop, end));
    add(stop);
  });
}

/** (x - centre)², of floats. */
export function squaredDistance(code: Code, x: Value, centre: Value): Value {
  const distance = code.let(f32x4.sub(x, centre));
  return f32x4.mul(distance, distance);
}

/**
 * Folds each row of x, contiguous, into an element of out, which has a fold already. Parameters: out, x, rows, columns,
 * and where the centres lie if it is the squared distances from these that are folded.
 */
export function alongRows(fold: Fold, distances = false): Definition {
  return {
    parameters: 5,
    body(code) {
      const [out, x, rows, columns, centres] = code.parameters;
      const [end, sum] = [code.local('i32'), code.local()];
      const size = keepsDoubles(fold) ? 8 : fold.size;
      code.times(rows, () => {
        code.set(end, i32.add(x, i32.mul(columns, fold.size)));
        code.set(sum, v128.load(out));
        const centre = code.let(v128.load32Splat(centres));
        foldRow(code, fold, sum, x, end, (load) => (distances ? squaredDistance(code, load(x), centre) : load(x)));
        code.plus(centres, fold.size);
        code.do(v128.storeFirst(size, out, sum));
        code.plus(out, size);
      });
    },
  };
}

/**
 * Folds rows of x into one row, `out`, which has folds already. Parameters: out, x with the bytes from one row to the
 * next, rows, columns, and where the centres lie if it is the squared distances from these that are folded. Eight rows
 * at a time, so that out is seldom read.
 */
export function acrossRows(fold: Fold, distances = false): Definition {
  const [span, kept] = [spanOf(fold), keepsDoubles(fold) ? 8 * countOf(fold) : 16];
  return {
    parameters: 6,
    body(code) {
      const [out, x, row, rows, columns, centres] = code.parameters;
      const [to, end] = [code.local('i32'), code.local('i32')];
      const from = code.locals(8, 'i32');
      const value = code.local();
      const pass = (some: readonly Local[]): void => {
        const rest = some.length;
        const read = (): void => {
          const centre = (): Value => load(fold, i32.add(i32.sub(from[0], x), centres));
          const values = some.map((address) => {
            return distances ? squaredDistance(code, load(fold, address), centre()) : load(fold, address);
          });
          while (values.length > 1) values.push(fold.combine(values.shift() as Value, values.shift() as Value));
          code.set(value, values[0]);
        };
        const add = (): void => {
          for (const [i, part] of parts(fold, value).entries()) {
            code.do(v128.store(to, merged(fold, v128.load(to, 16 * i), part), 16 * i));
          }
        };
        code.while(i32.ge(rows, rest), () => {
          code.set(to, out);
          code.set(from[0], x);
          code.set(end, i32.add(x, i32.mul(columns, fold.size)));
          for (let i = 1; i < some.length; i++) code.set(from[i], i32.add(from[i - 1], row));
          code.upTo(some, i32.sub(end, span - 1), span, () => {
            read();
            add();
            code.plus(to, kept);
          });
          code.if(i32.lt(from[0], end), () => {
            read();
            code.set(value, before(code, fold, value, from[0], end));
            add();
          });
          code.plus(x, i32.mul(row, rest));
          code.plus(rows, -rest);
        });
      };
      for (const some of [from, [from[0]]]) pass(some);
    },
  };
}
