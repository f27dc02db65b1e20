import * as f32 from '../../wasm/f32.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';

const BYTES = 4;

/**
 * Copies rows of contiguous columns. Parameters: out and x, each with the bytes from one row to the next, rows, columns.
 */
export const copyLoop: Definition = {
  parameters: 6,
  body(code) {
    const [out, outRow, x, row, rows, columns] = code.parameters;
    const [at, to, stop] = code.locals(3, 'i32');
    const bytes = code.let(i32.mul(columns, BYTES), 'i32');
    code.times(rows, () => {
      code.set(at, x);
      code.set(to, out);
      code.set(stop, i32.add(x, bytes));
      code.upTo([at, to], i32.sub(stop, 15), 16, () => code.do(v128.store(to, v128.load(at))));
      code.upTo([at, to], stop, BYTES, () => code.do(f32.store(to, f32.load(at))));
      code.plus(out, outRow);
      code.plus(x, row);
    });
  },
};
