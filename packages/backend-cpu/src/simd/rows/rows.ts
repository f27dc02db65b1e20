import type { Code, Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import * as v128 from '../../wasm/v128.ts';

/** So many vectors of a row are computed at a time. */
const TURN = 4;
/** The bytes of what is added up in float. */
const STRETCH = 2 ** 14;

/** Runs the body for each row, the addresses of which move on by `bytes`. */
export function eachRow(code: Code, rows: Local, moving: readonly Local[], bytes: Value, body: () => void): void {
  code.times(rows, () => {
    body();
    for (const local of moving) code.plus(local, bytes);
  });
}

/**
 * Goes through a row of so many bytes in stretches, each of which `body` is told the start, in every array, and the
 * bytes: the roundings of one long sum of like terms pile up.
 */
export function eachStretch(
  code: Code,
  starts: readonly Value[],
  bytes: Value,
  body: (at: readonly Local[], bytes: Local) => void,
): void {
  const at = starts.map((start) => code.let(start, 'i32'));
  const end = code.let(i32.add(at[0], bytes), 'i32');
  const some = code.local('i32');
  code.upTo(at, end, STRETCH, () => {
    code.set(some, i32.sub(end, at[0]));
    code.if(i32.lt(STRETCH, some), () => code.set(some, STRETCH));
    body(at, some);
  });
}

/**
 * Goes through a row of so many bytes in vectors, the last of which may reach beyond its end: `body` gets the addresses
 * of the vectors and their offset, and which lanes of the last ones lie inside.
 */
export function eachVector(
  code: Code,
  starts: readonly Value[],
  bytes: Value,
  body: (at: readonly Local[], offset: number, inside: Value | null) => void,
): void {
  const at = starts.map((start) => code.let(start, 'i32'));
  const end = code.let(i32.add(at[0], bytes), 'i32');
  const bulk = code.let(i32.add(at[0], i32.and(bytes, -16 * TURN)), 'i32');
  code.upTo(at, bulk, 16 * TURN, () => {
    for (let i = 0; i < TURN; i++) body(at, 16 * i, null);
  });
  code.upTo(at, end, 16, () => body(at, 0, i32x4.lt(code.lanes(0, 4, 8, 12), i32x4.splat(i32.sub(end, at[0])))));
}

/** Adds what is inside of a row to a sum. */
export function addInside(code: Code, sum: Local, value: Value, inside: Value | null): void {
  code.set(sum, f32x4.add(sum, inside === null ? value : v128.and(value, inside)));
}
