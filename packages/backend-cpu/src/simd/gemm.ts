import { parts, perform, recorded, runTasks, threadCount } from '../threads/tasks.ts';
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
      perform(pack, room.right, right.address + across * BYTES, right.step * BYTES, deep, wide);
      for (let row = 0; row < m; row += ROWS) {
        const tall = Math.min(ROWS, m - row);
        const down = left.transposed ? k * left.step + row : row * left.step + k;
        const packRows = left.transposed ? packLeftTransposed : packLeft;
        perform(packRows, room.left, left.address + down * BYTES, left.step * BYTES, deep, tall);
        const to = out + (row * n + column) * BYTES;
        perform(drive, to, n * BYTES, room.left, room.right, tall, wide, deep, Number(adds || k > 0), room.tile);
      }
    }
  }
}

/** Fewer multiplications are done before another thread has heard of them. */
const SHARED_FROM = 2 ** 20;
/** More parts than threads even out what else the processors have to do; but each packs the right operand again. */
const PARTS = 2;

/** The product of matrices of one form, by all threads that the kernel has if that pays: each takes some rows. */
export function multiplier(m: number, n: number, depth: number): (left: Operand, right: Operand, out: number) => void {
  const count = threadCount();
  if (count === 1 || m < 2 * TILE_ROWS * count || m * n * depth < SHARED_FROM) {
    const room = workspace(m, n, depth);
    return (left, right, out) => multiply(m, n, depth, left, right, out, room);
  }
  const shares = parts(m, m < ROWS * count * PARTS ? count : count * PARTS, TILE_ROWS);
  const rooms = shares.map(([, rows]) => workspace(rows, n, depth));
  return (left, right, out) => {
    const tasks = shares.map(([from, rows], i) => {
      const address = left.address + from * (left.transposed ? 1 : left.step) * BYTES;
      const to = out + from * n * BYTES;
      return recorded(() => multiply(rows, n, depth, { ...left, address }, right, to, rooms[i]));
    });
    runTasks(tasks);
  };
}
