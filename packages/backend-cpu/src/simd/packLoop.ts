import type { Code, Local, Value } from '../wasm/code.ts';
import * as f32 from '../wasm/f32.ts';
import * as i32 from '../wasm/i32.ts';
import { lanes } from '../wasm/instruction.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';

/** The end of a loop that counts down. */
function counted(code: Code, count: Local, body: () => void): void {
  code.while(count, () => {
    body();
    code.set(count, i32.sub(count, i32.const(1)));
  });
}

const plus = (code: Code, local: Local, bytes: Value): void => code.set(local, i32.add(local, bytes));

/**
 * Packs depth × width elements, whose rows lie `row` bytes apart, in panels of so many columns; what the last panel has
 * beyond the last column is whatever lies there. Parameters: packed, from, row, depth, width.
 */
export function packRows(panel: number): Definition {
  const bytesAcross = 4 * panel;
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [packed, from, row, depth, width] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
      const [at, k] = [code.local('i32'), code.local('i32')];
      const end = code.let('i32', i32.add(from, i32.mul(width, i32.const(4))));
      code.while(i32.lt(from, end), () => {
        code.set(at, from);
        code.set(k, depth);
        counted(code, k, () => {
          for (let offset = 0; offset < bytesAcross; offset += 16) {
            code.do(v128.store(packed, v128.load(at, offset), offset));
          }
          plus(code, at, row);
          plus(code, packed, i32.const(bytesAcross));
        });
        plus(code, from, i32.const(bytesAcross));
      });
    },
  };
}

/** As `packRows`, of the transpose: the columns lie `column` bytes apart, and each is contiguous. */
export function packColumns(panel: number): Definition {
  const bytesAcross = 4 * panel;
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [packed, b, column, depth, width] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
      const [to, k] = Array.from({ length: 2 }, () => code.local('i32'));
      const from = Array.from({ length: panel }, () => code.local('i32'));
      const loaded = Array.from({ length: panel }, () => code.local('v128'));
      code.while(width, () => {
        // Columns beyond the last are read from the last one: nobody looks at what they give.
        for (const [j, local] of from.entries()) {
          if (j === 0) code.set(local, b);
          else {
            code.set(local, from[j - 1]);
            code.if(i32.lt(i32.const(j), width), () => plus(code, local, column));
          }
        }
        code.set(to, packed);
        code.set(k, i32.and(depth, i32.const(-4)));
        code.while(k, () => {
          for (const [j, local] of loaded.entries()) code.set(local, v128.load(from[j]));
          for (let half = 0; half < panel / 4; half++) {
            const square = transposed(code, loaded.slice(4 * half, 4 * half + 4));
            for (const [i, row] of square.entries()) code.do(v128.store(to, row, i * bytesAcross + 16 * half));
          }
          for (const local of from) plus(code, local, i32.const(16));
          plus(code, to, i32.const(4 * bytesAcross));
          code.set(k, i32.sub(k, i32.const(4)));
        });
        code.set(k, i32.and(depth, i32.const(3)));
        counted(code, k, () => {
          for (const [j, local] of from.entries()) {
            code.do(f32.store(to, f32.load(local), 4 * j));
            plus(code, local, i32.const(4));
          }
          plus(code, to, i32.const(bytesAcross));
        });
        plus(code, packed, i32.mul(depth, i32.const(bytesAcross)));
        plus(code, b, i32.mul(column, i32.const(panel)));
        code.if(
          i32.lt(width, i32.const(panel)),
          () => code.set(width, i32.const(0)),
          () => code.set(width, i32.sub(width, i32.const(panel))),
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
  ].map((value) => code.let('v128', value));
  return [
    lanes(low, low2, [0, 1, 4, 5]),
    lanes(low, low2, [2, 3, 6, 7]),
    lanes(high, high2, [0, 1, 4, 5]),
    lanes(high, high2, [2, 3, 6, 7]),
  ].map((value) => code.let('v128', value));
}
