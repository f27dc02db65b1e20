import * as f32 from '../wasm/f32.ts';
import * as i32 from '../wasm/i32.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';

const BYTES = 4;

/**
 * Copies rows of contiguous columns. Parameters: out and x, each with the bytes from one row to the next, rows, columns.
 */
export const copyLoop: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [out, outRow, x, row, rows, columns] = [0, 1, 2, 3, 4, 5].map((i) => code.parameter(i));
    const [at, to, stop] = Array.from({ length: 3 }, () => code.local('i32'));
    const bytes = code.let('i32', i32.mul(columns, i32.const(BYTES)));
    code.while(rows, () => {
      code.set(at, x);
      code.set(to, out);
      code.set(stop, i32.add(x, bytes));
      code.while(i32.le(i32.add(at, i32.const(16)), stop), () => {
        code.do(v128.store(to, v128.load(at)));
        for (const local of [at, to]) code.set(local, i32.add(local, i32.const(16)));
      });
      code.while(i32.lt(at, stop), () => {
        code.do(f32.store(to, f32.load(at)));
        for (const local of [at, to]) code.set(local, i32.add(local, i32.const(BYTES)));
      });
      code.set(out, i32.add(out, outRow));
      code.set(x, i32.add(x, row));
      code.set(rows, i32.sub(rows, i32.const(1)));
    });
  },
};
