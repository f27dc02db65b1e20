import { parts, runTasks, threadCount } from '../../threads/tasks.ts';
import type { Compiled } from '../../wasm/module.ts';
import { lazily, relaxedWorks, scratch } from '../access.ts';
import { TILE_COLUMNS, TILE_ROWS } from './panelLoop.ts';
import { COLUMNS, DEPTH, FUNCTIONS, productModule, ROWS } from './productLoop.ts';

const BYTES = 4;
/** A transposed left operand is packed from so many elements on, if it is read for so many columns. */
const PACK_LEFT = { elements: 2 ** 12, columns: 32 };
/** A right operand of fewer elements stays in the cache, and is read by fewer rows before packing has paid. */
const PACK_RIGHT = { elements: 2 ** 15, rows: 96 };
/** Fewer multiplications are done before another thread has heard of them. */
const SHARED_FROM = 2 ** 20;
/** More parts than threads even out what else the processors have to do; but each packs the right operand again. */
const PARTS = 2;

/** The functions of `productModule`. */
export const functions: () => Compiled[] = lazily(() => productModule(relaxedWorks()));

/** Room to pack the operands of a product [m, depth] × [depth, n], until the kernel ends; 0 where it does not pay. */
function rooms(m: number, n: number, depth: number, turnedA: boolean, turnedB: boolean): [left: number, right: number] {
  const bytes = Math.min(depth, DEPTH) * BYTES;
  const left = turnedA && n >= PACK_LEFT.columns && m * depth > PACK_LEFT.elements;
  const right = turnedB || (m >= PACK_RIGHT.rows && n * depth > PACK_RIGHT.elements);
  return [
    left ? scratch((Math.min(m, ROWS) + TILE_ROWS) * bytes) : 0,
    right ? scratch((Math.min(n, COLUMNS) + TILE_COLUMNS) * bytes) : 0,
  ];
}

/** One product of operands as they lie in memory, from addresses into an address. */
export type Product = (a: number, b: number, out: number) => void;

/** Products [m, depth] × [depth, n], of operands that are stored transposed or not, by all threads if that pays. */
export function multiplier(m: number, n: number, depth: number, turnedA: boolean, turnedB: boolean): Product {
  const multiply = functions()[FUNCTIONS.product];
  const [outRow, stepA, stepB] = [n, turnedA ? m : depth, turnedB ? depth : n].map((length) => length * BYTES);
  const [aTurned, bTurned] = [Number(turnedA), Number(turnedB)];
  const count = threadCount();
  if (count === 1 || m < 2 * TILE_ROWS * count || m * n * depth < SHARED_FROM) {
    const [roomA, roomB] = rooms(m, n, depth, turnedA, turnedB);
    return (a, b, out) => {
      multiply(out, outRow, a, stepA, aTurned, b, stepB, bTurned, m, n, depth, 0, roomA, roomB);
    };
  }
  const shares = parts(m, m < ROWS * count * PARTS ? count : count * PARTS, TILE_ROWS);
  const packed = shares.map(([, rows]) => rooms(rows, n, depth, turnedA, turnedB));
  return (a, b, out) => {
    const tasks = shares.map(([from, rows], i) => {
      const left = a + from * (turnedA ? BYTES : stepA);
      const to = out + from * outRow;
      const args = [to, outRow, left, stepA, aTurned, b, stepB, bTurned, rows, n, depth, 0, ...packed[i]];
      return [{ f: multiply, args }];
    });
    runTasks(tasks);
  };
}
