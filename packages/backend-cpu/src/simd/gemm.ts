import { lazily, scratch } from './access.ts';
import { driver } from './gemmDriver.ts';
import { packColumns, packRows, TILE_COLUMNS, TILE_ROWS, tile } from './gemmLoop.ts';

/** So deep, tall and wide are the blocks that are packed: a panel of the right operand and a block of the left one stay in cache. */
const DEPTH = 256;
const ROWS = 128;
const COLUMNS = 2048;
const BYTES = 4;

const functions = lazily(() => [
  ...Array.from({ length: TILE_ROWS }, (_, i) => tile(i + 1)),
  driver,
  packColumns(TILE_ROWS),
  packRows(TILE_ROWS),
  packRows(TILE_COLUMNS),
  packColumns(TILE_COLUMNS),
]);

/** A matrix at an address, row after row with `step` elements from one to the next, or column after column if transposed. */
export interface Operand {
  readonly address: number;
  readonly step: number;
  readonly transposed: boolean;
}

/** What a product needs beside its operands: room for packed panels, and for one tile. */
export interface Workspace {
  readonly left: number;
  readonly right: number;
  readonly tile: number;
}

/** Working memory for products [m, depth] × [depth, n], until the kernel ends. */
export function workspace(m: number, n: number, depth: number): Workspace {
  const deep = Math.min(depth, DEPTH) * BYTES;
  return {
    left: scratch((Math.min(m, ROWS) + TILE_ROWS) * deep),
    right: scratch((Math.min(n, COLUMNS) + TILE_COLUMNS) * deep),
    tile: scratch(TILE_ROWS * TILE_COLUMNS * BYTES),
  };
}

/** Stores the product of left [m, depth] and right [depth, n] in `out` [m, n], or adds it to what is there. */
export function multiply(
  m: number,
  n: number,
  depth: number,
  left: Operand,
  right: Operand,
  out: number,
  room: Workspace,
  adds = false,
): void {
  const [drive, packLeft, packLeftTransposed, packRight, packRightTransposed] = functions().slice(TILE_ROWS);
  for (let column = 0; column < n; column += COLUMNS) {
    const wide = Math.min(COLUMNS, n - column);
    for (let k = 0; k < depth; k += DEPTH) {
      const deep = Math.min(DEPTH, depth - k);
      const across = right.transposed ? column * right.step + k : k * right.step + column;
      const pack = right.transposed ? packRightTransposed : packRight;
      pack(room.right, right.address + across * BYTES, right.step * BYTES, deep, wide);
      for (let row = 0; row < m; row += ROWS) {
        const tall = Math.min(ROWS, m - row);
        const down = left.transposed ? k * left.step + row : row * left.step + k;
        const packRows = left.transposed ? packLeftTransposed : packLeft;
        packRows(room.left, left.address + down * BYTES, left.step * BYTES, deep, tall);
        const to = out + (row * n + column) * BYTES;
        drive(to, n * BYTES, room.left, room.right, tall, wide, deep, Number(adds || k > 0), room.tile);
      }
    }
  }
}
