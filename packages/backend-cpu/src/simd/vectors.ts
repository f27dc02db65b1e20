import type { Code, Local } from '../wasm/code.ts';
import * as f32 from '../wasm/f32.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as i32 from '../wasm/i32.ts';
import * as v128 from '../wasm/v128.ts';

const BYTES = 4;

/** Stores the first `count` < 8 floats of two vectors at `at`, which it leaves as it was. */
export function storeSome(
  code: Code,
  [low, high]: readonly Local[],
  count: Local,
  at: Local,
  rest: Local,
  to: Local,
): void {
  code.set(to, at);
  code.set(rest, low);
  code.if(i32.ge(count, 4), () => {
    code.do(v128.store(at, low));
    code.set(rest, high);
    code.plus(to, 16);
  });
  const left = i32.and(count, 3);
  for (const lane of [0, 1, 2]) {
    code.if(i32.lt(lane, left), () => code.do(f32.store(to, f32x4.extract(rest, lane), BYTES * lane)));
  }
}
