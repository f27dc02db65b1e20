import { type DType, type Shape, sizeOf, type TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { collapse, type Nest, walk } from '../strides.ts';

/** Runs of at least this length are left to the engine's own copying. */
const LONG_RUN = 48;
/** From so many elements on the order of the loops matters more than finding it. */
const WORTH_ORDERING = 512;
/** Loops shorter than this cost more than they do. */
const SHORT_RUN = 16;
/** The edge of the square tiles in which two axes change places: so many lines stay in the cache even if they collide. */
const TILE = 8;

export interface Strided {
  readonly data: TypedArray;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** `out[.., j·outColumn + i·outRow] = x[..]` over rows × columns, in tiles of that edge. */
export type CopyLoop = (
  out: TypedArray,
  o: number,
  outRow: number,
  outColumn: number,
  x: TypedArray,
  ix: number,
  row: number,
  column: number,
  rows: number,
  columns: number,
  tile: number,
) => void;

/** The loop between two arrays of a dtype. */
export type CopyLoops = (dtype: DType, out: TypedArray, x: TypedArray) => CopyLoop;

/** Loops for all arrays. */
export const copyLoop: CopyLoops = perDType<CopyLoop>(
  (out, o, outRow, outColumn, x, ix, row, column, rows, columns, tile) => {
    for (let top = 0; top < rows; top += tile) {
      const bottom = Math.min(top + tile, rows);
      for (let left = 0; left < columns; left += tile) {
        const right = Math.min(left + tile, columns);
        for (let i = top; i < bottom; i++) {
          const from = ix + i * row;
          const to = o + i * outRow;
          for (let j = left; j < right; j++) out[to + j * outColumn] = x[from + j * column];
        }
      }
    }
  },
);

const addLoop = perDType(
  (out: TypedArray, o: number, outStep: number, x: TypedArray, ix: number, step: number, length: number): void => {
    for (let i = 0; i < length; i++, o += outStep, ix += step) out[o] += x[ix];
  },
);

/**
 * Copies a strided region of `dims` into another of the same dtype: every movement of data is this. Long
 * runs are left to the engine.
 */
export function copy(dtype: DType, dims: Shape, out: Strided, x: Strided, loops: CopyLoops = copyLoop): void {
  if (dims.includes(0)) return;
  const nest = ordered(dims, [out.strides, x.strides]);
  const tiled = bringClose(nest);
  const last = nest.dims.length - 1;
  const [[rows, columns], [outRow, outColumn], [row, column]] = [nest.dims, ...nest.strides].map((list) =>
    list.slice(-2),
  );
  const from = x.data;
  const to = out.data;
  if (outColumn === 1 && column <= 1 && column >= 0 && columns >= LONG_RUN) {
    walk(nest, last, ([o, ix]) => {
      const start = out.offset + o;
      if (column === 1) to.set(from.subarray(x.offset + ix, x.offset + ix + columns), start);
      else to.fill(from[x.offset + ix], start, start + columns);
    });
    return;
  }
  const loop = loops(dtype, to, from);
  const tile = tiled ? TILE : Math.max(rows, columns);
  walk(nest, last - 1, ([o, ix]) =>
    loop(to, out.offset + o, outRow, outColumn, from, x.offset + ix, row, column, rows, columns, tile),
  );
}

/** Adds a strided region of `dims` to another of the same dtype; several elements may go to one place. */
export function accumulate(dtype: DType, dims: Shape, out: Strided, x: Strided): void {
  if (dims.includes(0)) return;
  const nest = ordered(dims, [out.strides, x.strides]);
  const last = nest.dims.length - 1;
  const [outStep, step] = [nest.strides[0][last], nest.strides[1][last]];
  const length = nest.dims[last];
  const loop = addLoop(dtype);
  walk(nest, last, ([o, ix]) => loop(out.data, out.offset + o, outStep, x.data, x.offset + ix, step, length));
}

/** Loops whose innermost is not short, if any order of the axes has one: that of the axes, of x or of out. */
function ordered(dims: Shape, strides: readonly (readonly number[])[]): Nest {
  let best = collapse(dims, strides, 2);
  if (innermost(best) >= SHORT_RUN || sizeOf(dims) < WORTH_ORDERING) return best;
  for (const by of strides) {
    // Where two axes step alike the longer one goes inside.
    const axes = dims.map((_, axis) => axis);
    axes.sort((a, b) => Math.abs(by[b]) - Math.abs(by[a]) || dims[a] - dims[b]);
    const nest = collapse(
      axes.map((axis) => dims[axis]),
      strides.map((steps) => axes.map((axis) => steps[axis])),
      2,
    );
    if (innermost(nest) > innermost(best)) best = nest;
  }
  return best;
}

function innermost({ dims }: Nest): number {
  return dims[dims.length - 1];
}

/** Where the last axis is far apart in x and another is not, moves that one next to it; says whether it did. */
function bringClose({ dims, strides }: Nest): boolean {
  const last = dims.length - 1;
  if (Math.abs(strides[1][last]) <= 1) return false;
  const near = strides[1].findIndex((step) => Math.abs(step) === 1);
  if (near < 0 || dims[near] < SHORT_RUN) return false;
  for (const list of [dims, ...strides]) list.splice(last - 1, 0, ...list.splice(near, 1));
  return true;
}
