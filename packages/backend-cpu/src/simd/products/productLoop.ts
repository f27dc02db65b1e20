import type { Local, Value } from '../../wasm/code.ts';
import * as i32 from '../../wasm/i32.ts';
import { call } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import { packColumns, packRows } from './packLoop.ts';
import { NO_TAPS, panelLoop, TILE_COLUMNS, TILE_ROWS } from './panelLoop.ts';

/** So deep, tall and wide are the blocks that are packed: a panel of the right operand and a block of the left one stay in cache. */
export const DEPTH = 256;
export const ROWS = 128;
export const COLUMNS = 2048;
const BYTES = 4;

/** Where each function stands in the module. */
export const FUNCTIONS = {
  whole: 0,
  partial: 1,
  packLeft: 2,
  packRight: 3,
  packTransposed: 4,
  product: 5,
  patchProduct: 6,
} as const;

/**
 * `out` [m, n] (+)= a [m, depth] · b [depth, n] of matrices whose rows lie so many bytes apart, or whose columns do where
 * they are transposed. A transposed b is packed into panels of eight columns, and so is one that is too large to stay in
 * the cache; a transposed a is packed if that pays.
 *
 * Parameters: out with the bytes from one row to the next; a and b, each with these bytes and whether it is transposed;
 * m, n, depth; whether to add to what is in out; room to pack a and b, or 0 to read them where they are.
 */
const product: Definition = {
  parameters: 14,
  body(code) {
    const [out, outRow, a, aStep, turnedA, b, bStep, turnedB, m, n, depth, adds, roomA, roomB] = code.parameters;
    const locals = (count: number): Local[] => code.locals(count, 'i32');
    const [column, k, row, wide, deep, tall, from, left, right, to, at] = locals(11);
    const [aRow, aColumn, aPanel, bRow, bPanel, more] = locals(6);
    const least = (local: Local, x: Value, most: number): void => {
      code.set(local, x);
      code.if(i32.lt(most, local), () => code.set(local, most));
    };
    /** Goes through `length` in blocks of at most so much. */
    const blocks = (start: Local, size: Local, length: Value, most: number, body: () => void): void => {
      code.set(start, 0);
      code.while(i32.lt(start, length), () => {
        least(size, i32.sub(length, start), most);
        body();
        code.plus(start, most);
      });
    };
    /** The address of an element. */
    const seek = (base: Value, step: Value, turned: Value, i: Value, j: Value): void =>
      code.if(
        turned,
        () => code.set(from, i32.add(base, i32.add(i32.mul(j, step), i32.mul(i, BYTES)))),
        () => code.set(from, i32.add(base, i32.add(i32.mul(i, step), i32.mul(j, BYTES)))),
      );

    blocks(column, wide, n, COLUMNS, () => {
      blocks(k, deep, depth, DEPTH, () => {
        code.set(more, i32.or(adds, k));
        seek(b, bStep, turnedB, k, column);
        code.set(right, from);
        code.set(bRow, bStep);
        code.set(bPanel, BYTES * TILE_COLUMNS);
        code.if(roomB, () => {
          code.if(
            turnedB,
            () => code.do(call(FUNCTIONS.packTransposed, roomB, from, bStep, deep, wide)),
            () => code.do(call(FUNCTIONS.packRight, roomB, from, bStep, deep, wide)),
          );
          code.set(right, roomB);
          code.set(bRow, BYTES * TILE_COLUMNS);
          code.set(bPanel, i32.mul(deep, BYTES * TILE_COLUMNS));
        });
        blocks(row, tall, m, ROWS, () => {
          seek(a, aStep, turnedA, row, k);
          code.set(left, from);
          code.if(
            turnedA,
            () => {
              code.set(aRow, BYTES);
              code.set(aColumn, aStep);
            },
            () => {
              code.set(aRow, aStep);
              code.set(aColumn, BYTES);
            },
          );
          code.set(aPanel, i32.mul(aRow, TILE_ROWS));
          code.if(roomA, () => {
            code.do(call(FUNCTIONS.packLeft, roomA, from, aStep, deep, tall));
            code.set(left, roomA);
            code.set(aColumn, BYTES * TILE_ROWS);
            code.set(aPanel, i32.mul(deep, BYTES * TILE_ROWS));
          });
          code.set(to, i32.add(out, i32.add(i32.mul(row, outRow), i32.mul(column, BYTES))));
          code.set(at, right);
          code.set(from, wide);
          const panel = (index: number): Value =>
            call(
              index,
              ...[to, outRow, left, 0, aRow, aPanel, aColumn, at, bRow, tall, deep],
              ...NO_TAPS,
              ...[more, from],
            );
          code.while(i32.ge(from, TILE_COLUMNS), () => {
            code.do(panel(FUNCTIONS.whole));
            code.plus(to, BYTES * TILE_COLUMNS);
            code.plus(at, bPanel);
            code.plus(from, -TILE_COLUMNS);
          });
          code.if(from, () => code.do(panel(FUNCTIONS.partial)));
        });
      });
    });
  },
};

/**
 * `out` [m, n] = a · b, where each row of a consists of runs, one for each tap. Parameters: out; a, and where its rows
 * lie; b with the bytes from one row to the next, and from eight columns to the next eight; m, n, the length of a run,
 * and the address of the taps and their end.
 */
const patchProduct: Definition = {
  parameters: 11,
  body(code) {
    const [out, a, places, b, bRow, bPanel, m, n, run, taps, tapsEnd] = code.parameters;
    const outRow = code.let(i32.mul(n, BYTES), 'i32');
    const [zero, element] = [0, BYTES];
    const panel = (index: number): Value =>
      call(index, out, outRow, a, places, zero, zero, element, b, bRow, m, run, taps, tapsEnd, zero, n);
    code.while(i32.ge(n, TILE_COLUMNS), () => {
      code.do(panel(FUNCTIONS.whole));
      code.plus(out, BYTES * TILE_COLUMNS);
      code.plus(b, bPanel);
      code.plus(n, -TILE_COLUMNS);
    });
    code.if(n, () => code.do(panel(FUNCTIONS.partial)));
  },
};

/** Matrix products, with multiply-adds that round once or twice. */
export function productModule(fused: boolean): Definition[] {
  return [
    panelLoop(false, fused),
    panelLoop(true, fused),
    packRows(TILE_ROWS),
    packRows(TILE_COLUMNS),
    packColumns(TILE_COLUMNS),
    product,
    patchProduct,
  ];
}
