import type { Local, Value } from '../wasm/code.ts';
import { call, f32, i32 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';
import { TILE_COLUMNS, TILE_ROWS } from './gemmLoop.ts';

const BYTES = 4;

/**
 * `out` [m, n] (+)= left · right, both packed, where the first functions of the module are the tiles of 1 to 4 rows.
 * Parameters: out with the bytes from one row to the next, left, right, m, n, depth, whether to add to what is in out,
 * and room for one tile: the last panel is computed there, since it may be wider than out.
 */
export const driver: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [out, outRow, left, right, m, n, depth, adds, spare] = Array.from({ length: 9 }, (_, i) => code.parameter(i));
    const [rows, panel, to, row, count, at, other] = Array.from({ length: 7 }, () => code.local('i32'));
    const leftBytes = code.let('i32', i32.mul(depth, i32.const(TILE_ROWS * BYTES)));
    const rightBytes = code.let('i32', i32.mul(depth, i32.const(TILE_COLUMNS * BYTES)));
    const outTile = code.let('i32', i32.mul(outRow, i32.const(TILE_ROWS)));

    /** Copies what of a tile is in out, to or from the spare room. */
    const copyTile = (height: number, toSpare: boolean): void => {
      code.set(row, i32.const(0));
      code.set(at, to);
      code.set(other, spare);
      code.repeat(
        () => {
          code.set(count, i32.const(0));
          code.repeat(
            () => {
              const [target, source]: Value[] = toSpare ? [other, at] : [at, other];
              code.do(f32.store(i32.add(target, count), f32.load(i32.add(source, count))));
              code.set(count, i32.add(count, i32.const(BYTES)));
            },
            i32.lt(count, i32.mul(n, i32.const(BYTES))),
          );
          code.set(at, i32.add(at, outRow));
          code.set(other, i32.add(other, i32.const(TILE_COLUMNS * BYTES)));
          code.set(row, i32.add(row, i32.const(1)));
        },
        i32.lt(row, i32.const(height)),
      );
    };

    const multiply = (height: number): void => {
      const into = (target: Local, step: Value): void =>
        code.do(call(height - 1, target, step, panel, right, depth, adds));
      code.if(
        i32.lt(n, i32.const(TILE_COLUMNS)),
        () => {
          code.if(adds, () => copyTile(height, true));
          into(spare, i32.const(TILE_COLUMNS * BYTES));
          copyTile(height, false);
        },
        () => into(to, outRow),
      );
    };

    code.while(n, () => {
      code.set(panel, left);
      code.set(to, out);
      code.set(rows, m);
      code.while(i32.ge(rows, i32.const(TILE_ROWS)), () => {
        multiply(TILE_ROWS);
        code.set(panel, i32.add(panel, leftBytes));
        code.set(to, i32.add(to, outTile));
        code.set(rows, i32.sub(rows, i32.const(TILE_ROWS)));
      });
      for (let height = TILE_ROWS - 1; height > 0; height--) {
        code.if(i32.eq(rows, i32.const(height)), () => multiply(height));
      }
      code.set(right, i32.add(right, rightBytes));
      code.set(out, i32.add(out, i32.const(TILE_COLUMNS * BYTES)));
      code.if(
        i32.lt(n, i32.const(TILE_COLUMNS)),
        () => code.set(n, i32.const(0)),
        () => code.set(n, i32.sub(n, i32.const(TILE_COLUMNS))),
      );
    });
  },
};
