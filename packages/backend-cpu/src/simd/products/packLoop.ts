import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32 from '../../wasm/f32.ts';
import * as i32 from '../../wasm/i32.ts';
import { lanes } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';

/**
 * Packs depth × width elements, whose rows lie `row` bytes apart, in panels of so many columns; what the last panel has
 * beyond the last column is whatever lies there. Parameters: packed, from, row, depth, width.
 */
export function packRows(panel: number): Definition {
  const bytesAcross = 4 * panel;
  return {
    parameters: 5,
    body(code) {
      const [packed, from, row, depth, width] = code.parameters;
      const [at, k] = [code.local('i32'), code.local('i32')];
      const end = code.let(i32.add(from, i32.mul(width, 4)), 'i32');
      code.while(i32.lt(from, end), () => {
        code.set(at, from);
        code.set(k, depth);
        code.times(k, () => {
          for (let offset = 0; offset < bytesAcross; offset += 16) {
            code.do(v128.store(packed, v128.load(at, offset), offset));
          }
          code.plus(at, row);
          code.plus(packed, bytesAcross);
        });
        code.plus(from, bytesAcross);
      });
    },
  };
}

/** As `packRows`, of the transpose: the columns lie `column` bytes apart, and each is contiguous. */
export function packColumns(panel: number): Definition {
  const bytesAcross = 4 * panel;
  return {
    parameters: 5,
    body(code) {
      const [packed, b, column, depth, width] = code.parameters;
      const [to, k] = code.locals(2, 'i32');
      const from = code.locals(panel, 'i32');
      const loaded = code.locals(panel);
      code.while(width, () => {
        // Columns beyond the last are read from the last one: nobody looks at what they give.
        for (const [j, local] of from.entries()) {
          if (j === 0) code.set(local, b);
          else {
            code.set(local, from[j - 1]);
            code.if(i32.lt(j, width), () => code.plus(local, column));
          }
        }
        code.set(to, packed);
        code.set(k, i32.and(depth, -4));
        code.while(k, () => {
          for (const [j, local] of loaded.entries()) code.set(local, v128.load(from[j]));
          for (let half = 0; half < panel / 4; half++) {
            const square = transposed(code, loaded.slice(4 * half, 4 * half + 4));
            for (const [i, row] of square.entries()) code.do(v128.store(to, row, i * bytesAcross + 16 * half));
          }
          for (const local of from) code.plus(local, 16);
          code.plus(to, 4 * bytesAcross);
          code.plus(k, -4);
        });
        code.set(k, i32.and(depth, 3));
        code.times(k, () => {
          for (const [j, local] of from.entries()) {
            code.do(f32.store(to, f32.load(local), 4 * j));
            code.plus(local, 4);
          }
          code.plus(to, bytesAcross);
        });
        code.plus(packed, i32.mul(depth, bytesAcross));
        code.plus(b, i32.mul(column, panel));
        code.if(
          i32.lt(width, panel),
          () => code.set(width, 0),
          () => code.set(width, i32.sub(width, panel)),
        );
      });
    },
  };
}

/** The columns of four vectors, as vectors. */
export function transposed(code: Code, [a, b, c, d]: readonly Value[]): Local[] {
  const [low, high, low2, high2] = [
    lanes(a, b, [0, 4, 1, 5]),
    lanes(a, b, [2, 6, 3, 7]),
    lanes(c, d, [0, 4, 1, 5]),
    lanes(c, d, [2, 6, 3, 7]),
  ].map((value) => code.let(value));
  return [
    lanes(low, low2, [0, 1, 4, 5]),
    lanes(low, low2, [2, 3, 6, 7]),
    lanes(high, high2, [0, 1, 4, 5]),
    lanes(high, high2, [2, 3, 6, 7]),
  ].map((value) => code.let(value));
}
