import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { maxOfNumbers } from './folds.ts';
import { foldRun } from './reductionLoop.ts';

const BYTES = 4;

/** Where in each row of x, contiguous, the largest number stands first: it is found, and then sought. Parameters: out, x, rows, columns. */
export const argMaxOfRows: Definition = {
  parameters: 4,
  body(code) {
    const [out, x, rows, columns] = code.parameters;
    const [at, place] = [code.local('i32'), code.local('i32')];
    const bytes = code.let(i32.mul(columns, BYTES), 'i32');
    code.times(rows, () => {
      code.set(at, x);
      const best = foldRun(code, maxOfNumbers, x, i32.add(at, bytes));
      const found = f32x4.eq(v128.load(at), best);
      code.while(i32.and(i32.lt(at, x), i32.eqz(v128.anyTrue(found))), () => {
        code.plus(at, 16);
      });
      const ahead = i32.div(i32.sub(i32.add(at, bytes), x), BYTES);
      code.set(place, i32.add(ahead, i32.trailingZeros(i32x4.bitmask(found))));
      // Where there is no number nothing is found, or something behind the row.
      code.do(i32.store(out, i32.mul(place, i32.lt(place, columns))));
      code.plus(out, BYTES);
    });
  },
};

/** Where in each of neighbouring columns of x the largest number stands first. Parameters: out, x, rows, and the bytes from one row to the next. */
export function argMaxOfColumns(columns: number): Definition {
  return {
    parameters: 4,
    body(code) {
      const [out, x, rows, step] = code.parameters;
      const i = code.let(0, 'i32');
      const strips = Array.from({ length: columns / 4 }, (_, k) => ({
        offset: 16 * k,
        best: code.let(v128.load(x, 16 * k)),
        place: code.let(code.ints(0)),
      }));
      const value = code.local();
      code.while(i32.lt(i, rows), () => {
        const here = code.let(i32x4.splat(i));
        for (const { offset, best, place } of strips) {
          code.set(value, v128.load(x, offset));
          // A number wins over what it is not below, or equal to, and over NaN.
          const wins = code.let(v128.andNot(f32x4.eq(value, value), f32x4.le(value, best)));
          code.set(best, v128.select(wins, value, best));
          code.set(place, v128.select(wins, here, place));
        }
        code.plus(x, step);
        code.plus(i, 1);
      });
      for (const { offset, place } of strips) code.do(v128.store(out, place, offset));
    },
  };
}
