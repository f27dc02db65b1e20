import type { Code, Local, Value } from '../wasm/code.ts';
import * as f32 from '../wasm/f32.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as i32 from '../wasm/i32.ts';
import * as i32x4 from '../wasm/i32x4.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';
import { expBelow } from './exponential.ts';
import { type Fold, maxOfFloats, maxOfNumbers } from './folds.ts';
import { log } from './logarithm.ts';
import { foldRun } from './reductionLoop.ts';
import { total } from './vectors.ts';

export type Kind = 'softmax' | 'logSoftmax' | 'logSumExp';

const BYTES = 4;
/** So many vectors are exponentiated at a time along a row. */
const TURN = 4;

/** What is made of the maximum of a line and the sum of its exponentials below it: a factor, or a logarithm. */
function finished(code: Code, kind: Kind, max: Local, sum: Local): Value {
  if (kind === 'softmax') return f32x4.div(code.floats(1), sum);
  const logarithm = log(code, sum, sum);
  if (kind === 'logSoftmax') return logarithm;
  // An infinite maximum is its own answer.
  const infinite = f32x4.eq(f32x4.abs(max), code.floats(Infinity));
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
    parameters: ['i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, rows, columns] = [0, 1, 2, 3].map((i) => code.parameter(i));
      const [at, to, end] = Array.from({ length: 3 }, () => code.local('i32'));
      const [max, result] = Array.from({ length: 2 }, () => code.local('v128'));
      const sums = Array.from({ length: 2 }, () => code.local('v128'));
      const bytes = code.let('i32', i32.mul(columns, i32.const(BYTES)));
      const bulk = code.let('i32', i32.and(bytes, i32.const(-16 * TURN)));
      const each = (whole: (turn: number) => void, part: () => void = () => whole(0)): void => {
        code.set(at, x);
        code.set(to, out);
        const pass = (turns: number, until: Value, body: () => void): void => {
          code.set(end, until);
          code.while(i32.lt(at, end), () => {
            body();
            for (const local of [at, to]) code.set(local, i32.add(local, i32.const(16 * turns)));
          });
        };
        pass(TURN, i32.add(x, bulk), () => {
          for (let turn = 0; turn < TURN; turn++) whole(turn);
        });
        pass(1, i32.add(x, bytes), part);
      };
      const exponential = (turn: number): Local => {
        const below = code.let('v128', f32x4.sub(v128.load(at, 16 * turn), max));
        const value = code.let('v128', expBelow(code, below));
        if (kind === 'softmax') code.do(v128.store(to, value, 16 * turn));
        return value;
      };
      const plus = (sum: Local, value: Value): void => code.set(sum, f32x4.add(sum, value));

      code.while(rows, () => {
        code.set(at, x);
        code.set(max, foldRun(code, foldOf(kind), at, i32.add(x, bytes)));
        for (const sum of sums) code.set(sum, code.floats(0));
        each(
          (turn) => plus(sums[turn % 2], exponential(turn)),
          () => {
            const valid = i32x4.lt(code.lanes(0, 4, 8, 12), i32x4.splat(i32.sub(end, at)));
            plus(sums[0], v128.and(exponential(0), valid));
          },
        );
        code.set(sums[0], f32x4.splat(total(code, f32x4.add(sums[0], sums[1]))));
        code.set(result, finished(code, kind, max, sums[0]));
        if (kind === 'logSumExp') code.do(f32.store(out, f32x4.extract(result, 0)));
        else {
          each((turn) => {
            const value = normalised(kind, v128.load(at, 16 * turn), v128.load(to, 16 * turn), max, result);
            code.do(v128.store(to, value, 16 * turn));
          });
        }
        code.set(x, i32.add(x, bytes));
        code.set(out, i32.add(out, kind === 'logSumExp' ? i32.const(BYTES) : bytes));
        code.set(rows, i32.sub(rows, i32.const(1)));
      });
    },
  };
}

/** Neighbouring columns of which each is a line. Parameters: out, x, rows, and the bytes from one row to the next. */
export function alongColumns(kind: Kind, columns: number): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, rows, step] = [0, 1, 2, 3].map((i) => code.parameter(i));
      const [at, to] = [code.local('i32'), code.local('i32')];
      const end = code.let('i32', i32.add(x, i32.mul(rows, step)));
      const fold = foldOf(kind);
      const groups = Array.from({ length: columns / 4 }, (_, i) => ({
        offset: 16 * i,
        max: code.let('v128', code.floats(fold.start)),
        sum: code.let('v128', code.floats(0)),
        result: code.local('v128'),
      }));
      const each = (body: (group: (typeof groups)[number]) => void): void => {
        code.set(at, x);
        code.set(to, out);
        code.while(i32.lt(at, end), () => {
          for (const group of groups) body(group);
          for (const local of [at, to]) code.set(local, i32.add(local, step));
        });
      };
      each(({ max, offset }) => code.set(max, fold.combine(max, v128.load(at, offset))));
      each(({ max, sum, offset }) => {
        const below = code.let('v128', f32x4.sub(v128.load(at, offset), max));
        const value = code.let('v128', expBelow(code, below));
        if (kind === 'softmax') code.do(v128.store(to, value, offset));
        code.set(sum, f32x4.add(sum, value));
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
