import type { Code, Local, Value } from '../wasm/code.ts';
import { f32, f32x4, i32, lanes, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';

/**
 * Rows and columns of the tile of sums that stays in registers, and the widths of the panels in which the operands are
 * packed. Engines load all that a step needs before they add, so that a larger tile would not stay there.
 */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
const VECTORS: number = TILE_COLUMNS / 4;

/** The end of a loop that counts down. */
function counted(code: Code, count: Local, body: () => void): void {
  code.while(count, () => {
    body();
    code.set(count, i32.sub(count, i32.const(1)));
  });
}

const plus = (code: Code, local: Local, bytes: Value): void => code.set(local, i32.add(local, bytes));

/**
 * A tile of `height` rows: `out` (+)= one panel of the left operand times one of the right. Parameters: out with the
 * bytes from one row to the next, the panels, depth, and whether to add to what is in out.
 */
export function tile(height: number): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, outRow, left, right, depth, adds] = [0, 1, 2, 3, 4, 5].map((i) => code.parameter(i));
      const sums = Array.from({ length: height }, () => Array.from({ length: VECTORS }, () => code.local('v128')));
      const outs = [out];
      for (let i = 1; i < height; i++) outs.push(code.let('i32', i32.add(outs[i - 1], outRow)));
      const all = (f: (sum: Local, out: Local, offset: number) => void): void => {
        for (const [i, row] of sums.entries()) for (const [j, sum] of row.entries()) f(sum, outs[i], 16 * j);
      };
      code.if(adds, () => all((sum, from, offset) => code.set(sum, v128.load(from, offset))));
      const vectors = Array.from({ length: VECTORS }, () => code.local('v128'));
      const repeated = code.local('v128');
      const end = code.let('i32', i32.add(right, i32.mul(depth, i32.const(4 * TILE_COLUMNS))));
      code.while(i32.lt(right, end), () => {
        for (const [j, vector] of vectors.entries()) code.set(vector, v128.load(right, 16 * j));
        for (const [i, row] of sums.entries()) {
          code.set(repeated, v128.load32Splat(left, 4 * i));
          for (const [j, sum] of row.entries()) code.set(sum, f32x4.add(sum, f32x4.mul(repeated, vectors[j])));
        }
        plus(code, left, i32.const(4 * TILE_ROWS));
        plus(code, right, i32.const(4 * TILE_COLUMNS));
      });
      all((sum, to, offset) => code.do(v128.store(to, sum, offset)));
    },
  };
}

/**
 * Packs depth × width elements, whose rows lie `row` bytes apart, in panels of so many columns; what is beyond the last
 * column is zero. Parameters: packed, from, row, depth, width.
 */
export function packRows(panel: number): Definition {
  const bytesAcross = 4 * panel;
  const offsets = Array.from({ length: panel / 4 }, (_, j) => 16 * j);
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [packed, b, row, depth, width] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
      const [from, to, k, j] = Array.from({ length: 4 }, () => code.local('i32'));
      const panelStep = code.let('i32', i32.mul(depth, i32.const(bytesAcross)));
      const line = (body: () => void): void => {
        code.set(from, b);
        code.set(to, packed);
        code.set(k, depth);
        counted(code, k, () => {
          body();
          plus(code, from, row);
          plus(code, to, i32.const(bytesAcross));
        });
        plus(code, b, i32.const(bytesAcross));
        plus(code, packed, panelStep);
      };
      code.while(i32.ge(width, i32.const(panel)), () => {
        line(() => {
          for (const offset of offsets) code.do(v128.store(to, v128.load(from, offset), offset));
        });
        code.set(width, i32.sub(width, i32.const(panel)));
      });
      code.if(width, () => {
        const bytes = code.let('i32', i32.mul(width, i32.const(4)));
        line(() => {
          for (const offset of offsets) code.do(v128.store(to, code.floats(0), offset));
          code.set(j, i32.const(0));
          code.repeat(
            () => {
              code.do(f32.store(i32.add(to, j), f32.load(i32.add(from, j))));
              plus(code, j, i32.const(4));
            },
            i32.lt(j, bytes),
          );
        });
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
