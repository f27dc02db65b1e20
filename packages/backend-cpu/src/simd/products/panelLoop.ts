import type { Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { storeSome } from '../vectors.ts';

/**
 * Rows and columns of the tile of sums that stays in registers. Engines load all that a step needs before they add, so
 * that a larger tile would not stay there.
 */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
const VECTORS: number = TILE_COLUMNS / 4;
const BYTES = 4;
/** Sums of more products are made of sums: the roundings of one long sum of like terms pile up. */
export const LONGEST = 512;

/** Some zeros in memory, where no block ever lies: the taps of what has but one. */
export const NO_TAPS: readonly [from: number, end: number] = [0, BYTES];

/**
 * Up to eight columns of a product: `out` [m, columns] (+)= a · b. The columns of a are runs of the same length, one
 * for each tap, which says how many bytes behind the row's address its run begins: patches of an image are never made.
 * `partial` serves fewer than eight columns and stores no more than these; all eight of b are read.
 *
 * Parameters: out with the bytes from one row to the next; a; where a table says how many bytes behind it each row
 * lies, or 0 for rows that lie evenly; for these the bytes from one row to the next, and from four rows to the next four;
 * the bytes from one column of a to the next; b with the bytes from one row to the next; m, the length of a run, the
 * address of the taps and their end, whether to add to what is in out, and the columns.
 */
export function panelLoop(partial: boolean, fused: boolean): Definition {
  const multiplyAdd = (sum: Local, x: Value, y: Value): Value =>
    fused ? f32x4.multiplyAdd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
  return {
    parameters: 15,
    body(code) {
      const [out, outRow, a, places, aRow, aPanel, aColumn, b, bRow, m, run, taps, tapsEnd, adds, columns] =
        code.parameters;
      const sums = Array.from({ length: TILE_ROWS }, () => code.locals(VECTORS));
      const vectors = code.locals(VECTORS);
      const repeated = code.local();
      const [tap, first, left, right, end, at, stop, more] = code.locals(8, 'i32');
      const runBytes = code.let(i32.mul(run, bRow), 'i32');
      const stretch = code.let(i32.mul(i32.add(i32.div(LONGEST, run), 1), BYTES), 'i32');
      // How far the other rows of a tile lie behind its first one.
      const behind = [1, 2, 3].map((i) => code.let(i32.mul(aRow, i), 'i32'));

      const step = (height: number): void => {
        for (const [j, vector] of vectors.entries()) code.set(vector, v128.load(right, 16 * j));
        for (const [i, row] of sums.slice(0, height).entries()) {
          code.set(repeated, v128.load32Splat(i === 0 ? left : i32.add(left, behind[i - 1])));
          for (const [j, sum] of row.entries()) code.set(sum, multiplyAdd(sum, repeated, vectors[j]));
        }
        code.plus(left, aColumn);
        code.plus(right, bRow);
      };
      const store = (row: readonly Local[]): void => {
        if (!partial) for (const [j, sum] of row.entries()) code.do(v128.store(at, sum, 16 * j));
        else storeSome(code, row, columns, at, repeated, end);
      };
      const tile = (height: number): void => {
        const rows = (body: (row: readonly Local[]) => void): void => {
          code.set(at, out);
          for (let i = 0; i < height; i++) {
            if (i > 0) code.plus(at, outRow);
            body(sums[i]);
          }
        };
        code.set(first, a);
        code.if(places, () => {
          code.set(at, i32.load(places));
          for (let i = 1; i < height; i++) code.set(behind[i - 1], i32.sub(i32.load(places, BYTES * i), at));
          code.plus(first, at);
          code.plus(places, BYTES * height);
        });
        code.set(right, b);
        code.set(tap, taps);
        code.set(more, adds);
        code.while(i32.lt(tap, tapsEnd), () => {
          for (const sum of sums.slice(0, height).flat()) code.set(sum, code.floats(0));
          code.set(stop, i32.add(tap, stretch));
          code.if(i32.lt(tapsEnd, stop), () => code.set(stop, tapsEnd));
          code.upTo([tap], stop, BYTES, () => {
            code.set(left, i32.add(first, i32.load(tap)));
            code.set(end, i32.add(right, runBytes));
            code.while(i32.lt(right, end), () => step(height));
          });
          code.if(more, () =>
            rows((row) => {
              for (const [j, sum] of row.entries()) code.set(sum, f32x4.add(sum, v128.load(at, 16 * j)));
            }),
          );
          rows(store);
          code.set(more, 1);
        });
      };

      code.while(i32.ge(m, TILE_ROWS), () => {
        tile(TILE_ROWS);
        code.plus(a, aPanel);
        code.plus(out, i32.mul(outRow, TILE_ROWS));
        code.plus(m, -TILE_ROWS);
      });
      for (let height = TILE_ROWS - 1; height > 0; height--) code.if(i32.eq(m, height), () => tile(height));
    },
  };
}
