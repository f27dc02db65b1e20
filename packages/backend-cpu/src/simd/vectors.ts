import type { Code, Local, Value } from '../wasm/code.ts';
import * as f32 from '../wasm/f32.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as i32 from '../wasm/i32.ts';
import { lanes } from '../wasm/instruction.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';
import { lazily } from './access.ts';

const BYTES = 4;

/** The sum of the four lanes, as a scalar. */
export function total(code: Code, x: Value): Value {
  const vector = code.let('v128', x);
  const half = code.let('v128', f32x4.add(vector, lanes(vector, vector, [2, 3, 2, 3])));
  return f32.add(f32x4.extract(half, 0), f32x4.extract(half, 1));
}

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
  code.if(i32.ge(count, i32.const(4)), () => {
    code.do(v128.store(at, low));
    code.set(rest, high);
    code.set(to, i32.add(to, i32.const(16)));
  });
  const left = i32.and(count, i32.const(3));
  for (const lane of [0, 1, 2]) {
    code.if(i32.lt(i32.const(lane), left), () => code.do(f32.store(to, f32x4.extract(rest, lane), BYTES * lane)));
  }
}

/** Runs `body` for `local` from its value up by `step` while it is below `end`. */
function upTo(code: Code, local: Local, end: Value, step: Value, body: () => void): void {
  code.while(i32.lt(local, end), () => {
    body();
    code.set(local, i32.add(local, step));
  });
}

/** One row times a matrix [depth, n] in place: 32 columns at a time, then 4, then one. Parameters: out, a, b, n, depth. */
const rowTimesMatrix: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [out, a, b, n, depth] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
    const [at, from] = [code.local('i32'), code.local('i32')];
    const row = code.let('i32', i32.mul(n, i32.const(BYTES)));
    const end = code.let('i32', i32.add(a, i32.mul(depth, i32.const(BYTES))));
    const left = code.local('v128');
    const columns = (count: number): void => {
      code.while(i32.ge(n, i32.const(count)), () => {
        const sums = Array.from({ length: Math.max(1, count / 4) }, () => code.let('v128', code.floats(0)));
        code.set(at, a);
        code.set(from, b);
        upTo(code, at, end, i32.const(BYTES), () => {
          code.set(left, v128.load32Splat(at));
          for (const [j, sum] of sums.entries()) {
            const right = count === 1 ? v128.load32Splat(from) : v128.load(from, 16 * j);
            code.set(sum, f32x4.add(sum, f32x4.mul(left, right)));
          }
          code.set(from, i32.add(from, row));
        });
        for (const [j, sum] of sums.entries()) {
          if (count === 1) code.do(f32.store(out, f32x4.extract(sum, 0)));
          else code.do(v128.store(out, sum, 16 * j));
        }
        code.set(out, i32.add(out, i32.const(count * BYTES)));
        code.set(b, i32.add(b, i32.const(count * BYTES)));
        code.set(n, i32.sub(n, i32.const(count)));
      });
    };
    for (const count of [32, 4, 1]) columns(count);
  },
};

/** One row times `n` rows of b, each of `depth` elements: dot products. Parameters: out, a, b, n, depth. */
const rowTimesRows: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [out, a, b, n, depth] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
    const [at, from] = [code.local('i32'), code.local('i32')];
    const bytes = code.let('i32', i32.mul(depth, i32.const(BYTES)));
    const endOf = (multiple: number): Value => i32.add(a, i32.and(bytes, i32.const(-multiple * BYTES)));
    const [bulk, vectors, end] = [16, 4, 1].map((multiple) => code.let('i32', endOf(multiple)));
    code.while(n, () => {
      const sums = Array.from({ length: 4 }, () => code.let('v128', code.floats(0)));
      code.set(at, a);
      code.set(from, b);
      const add = (sum: Local, left: Value, right: Value): void =>
        code.set(sum, f32x4.add(sum, f32x4.mul(left, right)));
      const run = (until: Value, count: number, body: () => void): void =>
        upTo(code, at, until, i32.const(count * BYTES), () => {
          body();
          code.set(from, i32.add(from, i32.const(count * BYTES)));
        });
      run(bulk, 16, () => {
        for (const [j, sum] of sums.entries()) add(sum, v128.load(at, 16 * j), v128.load(from, 16 * j));
      });
      run(vectors, 4, () => add(sums[0], v128.load(at), v128.load(from)));
      run(end, 1, () => add(sums[1], v128.load32(at), v128.load32(from)));
      const [x, y, z, w] = sums;
      code.do(f32.store(out, total(code, f32x4.add(f32x4.add(x, y), f32x4.add(z, w)))));
      code.set(out, i32.add(out, i32.const(BYTES)));
      code.set(b, i32.add(b, bytes));
      code.set(n, i32.sub(n, i32.const(1)));
    });
  },
};

const functions = lazily(() => [rowTimesMatrix, rowTimesRows]);

/** a [m, depth] times b [depth, n] for few rows, which b is not worth packing for. */
export function multiplyFlat(m: number, n: number, depth: number, a: number, b: number, out: number): void {
  const [run] = functions();
  for (let i = 0; i < m; i++) run(out + i * n * BYTES, a + i * depth * BYTES, b, n, depth);
}

/** a [m, depth] times the transpose of b [n, depth]. */
export function dotRows(m: number, n: number, depth: number, a: number, b: number, out: number): void {
  const [, run] = functions();
  for (let i = 0; i < m; i++) run(out + i * n * BYTES, a + i * depth * BYTES, b, n, depth);
}
