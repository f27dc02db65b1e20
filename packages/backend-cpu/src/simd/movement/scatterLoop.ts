import * as f32 from '../../wasm/f32.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';

const BYTES = 4;

/**
 * Adds rows of x, one after the other, to those rows of out that the indices name. Parameters: out, x, the indices,
 * their number, and the columns of a row.
 */
export const scatterLoop: Definition = {
  parameters: 5,
  body(code) {
    const [out, x, indices, count, columns] = code.parameters;
    const [to, stop] = [code.local('i32'), code.local('i32')];
    const bytes = code.let(i32.mul(columns, BYTES), 'i32');
    const end = code.let(i32.add(indices, i32.mul(count, BYTES)), 'i32');
    code.upTo([indices], end, BYTES, () => {
      code.set(to, i32.add(out, i32.mul(i32.load(indices), bytes)));
      code.set(stop, i32.add(to, bytes));
      code.upTo([to, x], i32.sub(stop, 15), 16, () => {
        code.do(v128.store(to, f32x4.add(v128.load(to), v128.load(x))));
      });
      code.upTo([to, x], stop, BYTES, () => code.do(f32.store(to, f32.add(f32.load(to), f32.load(x)))));
    });
  },
};
