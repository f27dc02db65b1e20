import type { TypedArray } from '@wengert/core/functions';
import { type Heap, sharedHeap } from '../../heap.ts';
import type { CpuStorage } from '../../storage.ts';
import { parts, type Workers } from '../../threads/tasks.ts';
import type { Compiled } from '../../wasm/module.ts';
import { heapView, scratch } from '../access.ts';

/** What a pointwise loop goes through: where it lies, 0 if not on the heap, and its steps along rows and columns. */
export interface Track {
  readonly storage: CpuStorage;
  readonly address: number;
  readonly row: number;
  readonly column: number;
}

/** A pointwise loop over the rows and columns of its outputs, which come first, and its inputs. */
export interface TrackLoop {
  readonly loop: Compiled;
  readonly tracks: readonly Track[];
  readonly outputs: number;
  readonly numbers: readonly number[];
}

/** Some columns of some rows. */
type Piece = readonly [row: number, rows: number, column: number, columns: number];

/** Of arrays that do not lie on the heap so many elements are computed at a time, which stay in the cache. */
export const CHUNK: number = 2 ** 13;

function bytesOf({ storage }: Track): number {
  return storage.bytes / storage.length;
}

/** Computes rows × columns from these elements of the tracks on; by several threads if some are given. */
export type RunRows = (offsets: readonly number[], rows: number, columns: number) => void;

/** The way to run a loop: where everything lies on the heap, by one call or one for each part of the work. */
export function runner(work: TrackLoop, workers: Workers | null): RunRows {
  const { loop, tracks } = work;
  const addresses: number[] = [];
  for (const { address } of tracks) {
    if (address === 0) return inChunks(work);
    addresses.push(address);
  }
  return (offsets, rows, columns) => {
    const pieces = workers === null ? [] : divided(rows, columns, 4 * workers.size);
    if (workers === null || pieces.length < 2) loop(...argumentsOf(work, addresses, offsets, [0, rows, 0, columns]));
    else workers.run(pieces.map((piece) => [{ f: loop, args: argumentsOf(work, addresses, offsets, piece) }]));
  };
}

/** Whole cache lines, or rows whose ends spill nothing into the next, which is another thread's. */
function divided(rows: number, columns: number, most: number): Piece[] {
  if (rows === 1) return parts(columns, most, 64).map(([from, count]) => [0, 1, from, count]);
  return columns % 4 === 0 ? parts(rows, most, 1).map(([from, count]) => [from, count, 0, columns]) : [];
}

function argumentsOf(
  { tracks, outputs, numbers }: TrackLoop,
  addresses: readonly number[],
  offsets: readonly number[],
  [row, rows, column, columns]: Piece,
): number[] {
  const args = [rows, columns];
  for (let k = 0; k < tracks.length; k++) {
    const track = tracks[k];
    const bytes = bytesOf(track);
    args.push(addresses[k] + (offsets[k] + row * track.row + column * track.column) * bytes);
    if (k >= outputs) args.push(track.row * bytes);
  }
  for (let i = 0; i < numbers.length; i++) args.push(numbers[i]);
  return args;
}

/** Memory for the chunks of all arrays, which stays reserved: what waits is sure to find it. */
const ROOM = 2 ** 19;

let room = 0;
let over: Heap | null = null;

/** Whether there is memory for chunks, now and later. */
export function reserveRoom(): boolean {
  const heap = sharedHeap();
  if (heap !== null && over !== heap) {
    room = heap.allocate(ROOM);
    over = room === 0 ? null : heap;
  }
  return over !== null;
}

/** Brings what does not lie on the heap there and back piece by piece. */
function inChunks(work: TrackLoop): RunRows {
  const { loop, tracks, outputs } = work;
  const away = tracks.filter(({ address }) => address === 0).length;
  // Whole vectors spill beyond the end of a chunk.
  const bytes = Math.floor(ROOM / away / 64) * 64;
  const chunk = Math.min(CHUNK, bytes / Math.max(...tracks.map(bytesOf)) - 16);
  let next = reserveRoom() ? room : scratch(ROOM);
  const rooms = tracks.map(({ address }) => {
    if (address === 0) next += bytes;
    return address || next - bytes;
  });
  const lies = (k: number, offsets: readonly number[], [row, , column]: Piece): number =>
    offsets[k] + row * tracks[k].row + column * tracks[k].column;
  /** The view of the elements of a piece on the heap. */
  const brought = (k: number, [, rows, , columns]: Piece): TypedArray =>
    heapView(tracks[k].storage.dtype, rooms[k], (rows - 1) * tracks[k].row + (columns - 1) * tracks[k].column + 1);

  const run = (piece: Piece, offsets: readonly number[]): void => {
    const starts = tracks.map(({ address }, k) => (address === 0 ? 0 : lies(k, offsets, piece)));
    const each = (from: number, to: number, move: (data: TypedArray, at: number, there: TypedArray) => void): void => {
      for (let k = from; k < to; k++) {
        const { storage, address } = tracks[k];
        if (address === 0) move(storage.data, lies(k, offsets, piece), brought(k, piece));
      }
    };
    each(outputs, tracks.length, (data, at, there) => there.set(data.subarray(at, at + there.length)));
    loop(...argumentsOf(work, rooms, starts, [0, piece[1], 0, piece[3]]));
    each(0, outputs, (data, at, there) => data.set(there, at));
  };
  return (offsets, rows, columns) => {
    const tall = Math.max(1, Math.floor(chunk / columns));
    for (const [row, someRows] of parts(rows, Math.ceil(rows / tall), 1)) {
      // Of whole vectors: what others spill meets the next piece, where the result is written into an input, too early.
      for (const [column, someColumns] of parts(columns, Math.ceil(columns / chunk), 16)) {
        run([row, someRows, column, someColumns], offsets);
      }
    }
  };
}
