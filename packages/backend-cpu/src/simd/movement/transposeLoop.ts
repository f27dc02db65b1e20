import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32 from '../../wasm/f32.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { transposed } from '../products/packLoop.ts';

/** Columns of x that are turned at a time: a cache line of each row. */
const STRIP = 16;

/**
 * `out` [columns, rows] = the transpose of x [rows, columns], with the bytes from one row to the next of each. Whole
 * strips of 16 columns and 4 rows first; what is left, element by element.
 */
export const transposeLoop: Definition = {
  parameters: 6,
  body(code) {
    const [out, outRow, x, row, rows, columns] = code.parameters;
    const [i, to] = code.locals(2, 'i32');
    const from = code.locals(4, 'i32');
    const vectors = code.locals(4);
    const single = code.local('i32');
    const outs = code.locals(4, 'i32');

    /** All rows of `width` columns from x on. */
    const strip = (width: number): void => {
      code.set(from[0], x);
      code.set(to, out);
      code.set(i, i32.and(rows, -4));
      code.while(i, () => {
        for (let r = 1; r < 4; r++) code.set(from[r], i32.add(from[r - 1], row));
        code.set(outs[0], to);
        for (let block = 0; block < width / 4; block++) {
          if (block > 0) code.set(outs[0], i32.add(outs[3], outRow));
          for (let r = 1; r < 4; r++) code.set(outs[r], i32.add(outs[r - 1], outRow));
          for (const [r, vector] of vectors.entries()) code.set(vector, v128.load(from[r], 16 * block));
          for (const [r, column] of transposed(code, vectors).entries()) code.do(v128.store(outs[r], column));
        }
        code.set(from[0], i32.add(from[3], row));
        code.plus(to, 16);
        code.plus(i, -4);
      });
      code.set(i, i32.and(rows, 3));
      code.times(i, () => {
        copyColumn(code, to, outRow, from[0], single, outs[0], 4 * width);
        code.plus(from[0], row);
        code.plus(to, 4);
      });
    };

    code.while(i32.ge(columns, STRIP), () => {
      strip(STRIP);
      code.plus(x, 4 * STRIP);
      code.plus(out, i32.mul(outRow, STRIP));
      code.set(columns, i32.sub(columns, STRIP));
    });
    code.while(i32.ge(columns, 4), () => {
      strip(4);
      code.plus(x, 16);
      code.plus(out, i32.mul(outRow, 4));
      code.plus(columns, -4);
    });
    code.if(columns, () => {
      code.set(to, out);
      code.times(rows, () => {
        copyColumn(code, to, outRow, x, single, outs[0], i32.mul(columns, 4));
        code.plus(x, row);
        code.plus(to, 4);
      });
    });
  },
};

/** Copies so many bytes of a row at `from` to a column at `to`. */
function copyColumn(code: Code, to: Value, outRow: Value, from: Value, at: Local, target: Local, bytes: Value): void {
  code.set(at, 0);
  code.set(target, to);
  code.repeat(
    () => {
      code.do(f32.store(target, f32.load(i32.add(from, at))));
      code.plus(target, outRow);
      code.plus(at, 4);
    },
    i32.lt(at, bytes),
  );
}
