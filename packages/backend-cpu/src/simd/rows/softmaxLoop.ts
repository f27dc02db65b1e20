import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32 from '../../wasm/f32.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { expBelow } from '../pointwise/exponential.ts';
import { log } from '../pointwise/logarithm.ts';
import { type Fold, maxOfFloats, maxOfNumbers, sumOfFloats } from '../reductions/folds.ts';
import { acrossLanes, foldRun } from '../reductions/reductionLoop.ts';
import { addInside, eachRow, eachStretch, eachVector } from './rows.ts';

export type Kind = 'softmax' | 'logSoftmax' | 'logSumExp';

const BYTES = 4;
/** So many rows are added up in float: the roundings of one long sum of like terms pile up. */
const LONGEST = 512;

/** What is made of the maximum of a line and the sum of its exponentials below it: a factor, or a logarithm. */
function finished(code: Code, kind: Kind, max: Local, sum: Local): Value {
  if (kind === 'softmax') return f32x4.div(1, sum);
  const logarithm = log(code, sum, sum);
  if (kind === 'logSoftmax') return logarithm;
  // An infinite maximum is its own answer.
  const infinite = f32x4.eq(f32x4.abs(max), Infinity);
  return v128.select(infinite, max, f32x4.add(max, logarithm));
}

/** The elements of a line, from the exponentials in `out` or again from x. */
function normalised(kind: Kind, x: Value, out: Value, max: Local, result: Local): Value {
  return kind === 'softmax' ? f32x4.mul(out, result) : f32x4.sub(f32x4.sub(x, max), result);
}

/** A NaN may get lost in the maximum of what is exponentiated next, since it is in the sum then; not in an infinite one. */
function foldOf(kind: Kind): Fold {
  return kind === 'logSumExp' ? maxOfFloats : maxOfNumbers;
}

/**
 * Rows of contiguous columns. Subtracting the maximum keeps the exponentials finite. What whole vectors spill at the end
 * of a row is written again by the next. Parameters: out, x, rows, columns.
 */
export function alongRows(kind: Kind): Definition {
  return {
    parameters: 4,
    body(code) {
      const [out, x, rows, columns] = code.parameters;
      const at = code.local('i32');
      const [max, sum, result] = code.locals(3);
      const bytes = code.let(i32.mul(columns, BYTES), 'i32');
      const reduced = kind === 'logSumExp';
      eachRow(code, rows, reduced ? [x] : [x, out], bytes, () => {
        code.set(at, x);
        code.set(max, foldRun(code, foldOf(kind), at, i32.add(x, bytes)));
        code.set(sum, code.floats(0));
        eachStretch(code, [x, out], bytes, (starts, some) => {
          const sums = code.lets(2, code.floats(0));
          eachVector(code, starts, some, ([from, to], i, inside) => {
            const below = code.let(f32x4.sub(v128.load(from, i), max));
            const value = code.let(expBelow(code, below));
            if (kind === 'softmax') code.do(v128.store(to, value, i));
            addInside(code, sums[(i / 16) % 2], value, inside);
          });
          code.set(sum, f32x4.add(sum, f32x4.add(sums[0], sums[1])));
        });
        code.set(result, finished(code, kind, max, acrossLanes(code, sumOfFloats, sum)));
        if (reduced) {
          code.do(f32.store(out, f32x4.extract(result, 0)));
          code.plus(out, BYTES);
        } else {
          eachVector(code, [x, out], bytes, ([from, to], i) => {
            code.do(v128.store(to, normalised(kind, v128.load(from, i), v128.load(to, i), max, result), i));
          });
        }
      });
    },
  };
}

/** Neighbouring columns of which each is a line. Parameters: out, x, rows, and the bytes from one row to the next. */
export function alongColumns(kind: Kind, columns: number): Definition {
  return {
    parameters: 4,
    body(code) {
      const [out, x, rows, step] = code.parameters;
      const [at, to, count] = code.locals(3, 'i32');
      const end = code.let(i32.add(x, i32.mul(rows, step)), 'i32');
      const fold = foldOf(kind);
      const groups = Array.from({ length: columns / 4 }, (_, i) => ({
        offset: 16 * i,
        max: code.let(code.floats(fold.start)),
        sum: code.let(code.floats(0)),
        some: code.let(code.floats(0)),
        result: code.local(),
      }));
      const each = (body: (group: (typeof groups)[number]) => void): void => {
        code.set(at, x);
        code.set(to, out);
        code.upTo([at, to], end, step, () => {
          for (const group of groups) body(group);
        });
      };
      each(({ max, offset }) => code.set(max, fold.combine(max, v128.load(at, offset))));
      code.set(at, x);
      code.set(to, out);
      code.while(rows, () => {
        code.set(count, rows);
        code.if(i32.lt(LONGEST, count), () => code.set(count, LONGEST));
        code.set(rows, i32.sub(rows, count));
        for (const { some } of groups) code.set(some, code.floats(0));
        code.times(count, () => {
          for (const { max, some, offset } of groups) {
            const below = code.let(f32x4.sub(v128.load(at, offset), max));
            const value = code.let(expBelow(code, below));
            if (kind === 'softmax') code.do(v128.store(to, value, offset));
            code.set(some, f32x4.add(some, value));
          }
          for (const local of [at, to]) code.plus(local, step);
        });
        for (const { sum, some } of groups) code.set(sum, f32x4.add(sum, some));
      });
      for (const { max, sum, result, offset } of groups) {
        code.set(result, finished(code, kind, max, sum));
        if (kind === 'logSumExp') code.do(v128.store(out, result, offset));
      }
      if (kind === 'logSumExp') return;
      each(({ max, result, offset }) => {
        const value = normalised(kind, v128.load(at, offset), v128.load(to, offset), max, result);
        code.do(v128.store(to, value, offset));
      });
    },
  };
}
