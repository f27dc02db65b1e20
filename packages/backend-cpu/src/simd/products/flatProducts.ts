import type { Local, Value } from '../../wasm/code.ts';
import * as f32 from '../../wasm/f32.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { lazily } from '../access.ts';
import { sumOfFloats } from '../reductions/folds.ts';
import { foldRow } from '../reductions/reductionLoop.ts';
import { LONGEST } from './panelLoop.ts';

const BYTES = 4;

/** One row times a matrix [depth, n] in place: 32 columns at a time, then 4, then one. Parameters: out, a, b, n, depth. */
const rowTimesMatrix: Definition = {
  parameters: 5,
  body(code) {
    const [out, a, b, n, depth] = code.parameters;
    const [at, from, stop, more] = code.locals(4, 'i32');
    const row = code.let(i32.mul(n, BYTES), 'i32');
    const end = code.let(i32.add(a, i32.mul(depth, BYTES)), 'i32');
    const left = code.local();
    const columns = (count: number): void => {
      code.while(i32.ge(n, count), () => {
        const sums = code.locals(Math.max(1, count / 4));
        const load = (address: Local, j: number): Value =>
          count === 1 ? v128.load32Splat(address) : v128.load(address, 16 * j);
        code.set(at, a);
        code.set(from, b);
        code.while(i32.lt(at, end), () => {
          for (const sum of sums) code.set(sum, code.floats(0));
          code.set(stop, i32.add(at, LONGEST * BYTES));
          code.if(i32.lt(end, stop), () => code.set(stop, end));
          code.set(more, i32.sub(at, a));
          code.upTo([at], stop, BYTES, () => {
            code.set(left, v128.load32Splat(at));
            for (const [j, sum] of sums.entries()) code.set(sum, f32x4.add(sum, f32x4.mul(left, load(from, j))));
            code.plus(from, row);
          });
          code.if(more, () => {
            for (const [j, sum] of sums.entries()) code.set(sum, f32x4.add(sum, load(out, j)));
          });
          for (const [j, sum] of sums.entries()) {
            if (count === 1) code.do(f32.store(out, f32x4.extract(sum, 0)));
            else code.do(v128.store(out, sum, 16 * j));
          }
        });
        code.plus(out, count * BYTES);
        code.plus(b, count * BYTES);
        code.plus(n, -count);
      });
    };
    for (const count of [32, 4, 1]) columns(count);
  },
};

/** One row times `n` rows of b, each of `depth` elements: dot products. Parameters: out, a, b, n, depth. */
const rowTimesRows: Definition = {
  parameters: 5,
  body(code) {
    const [out, a, b, n, depth] = code.parameters;
    const at = code.local('i32');
    const bytes = code.let(i32.mul(depth, BYTES), 'i32');
    const end = code.let(i32.add(a, bytes), 'i32');
    const apart = code.let(i32.sub(b, a), 'i32');
    const sum = code.local();
    code.times(n, () => {
      code.set(at, a);
      code.set(sum, code.doubles(0));
      foldRow(code, sumOfFloats, sum, at, end, (load) => f32x4.mul(load(at), load(i32.add(at, apart))));
      code.do(f32.store(out, f32x4.extract(f32x4.fromDoubles(sum), 0)));
      code.plus(out, BYTES);
      code.plus(apart, bytes);
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
