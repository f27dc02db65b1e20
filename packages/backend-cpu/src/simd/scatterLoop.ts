import * as f32 from '../wasm/f32.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as i32 from '../wasm/i32.ts';
import type { Definition } from '../wasm/module.ts';
import * as v128 from '../wasm/v128.ts';

const BYTES = 4;

/**
 * Adds rows of x, one after the other, to those rows of out that the indices name. Parameters: out, x, the indices,
 * their number, and the columns of a row.
 */
export const scatterLoop: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [out, x, indices, count, columns] = [0, 1, 2, 3, 4].map((i) => code.parameter(i));
    const [to, stop] = [code.local('i32'), code.local('i32')];
    const bytes = code.let('i32', i32.mul(columns, i32.const(BYTES)));
    const end = code.let('i32', i32.add(indices, i32.mul(count, i32.const(BYTES))));
    const advance = (size: number): void => {
      for (const local of [to, x]) code.set(local, i32.add(local, i32.const(size)));
    };
    code.while(i32.lt(indices, end), () => {
      code.set(to, i32.add(out, i32.mul(i32.load(indices), bytes)));
      code.set(stop, i32.add(to, bytes));
      code.while(i32.le(i32.add(to, i32.const(16)), stop), () => {
        code.do(v128.store(to, f32x4.add(v128.load(to), v128.load(x))));
        advance(16);
      });
      code.while(i32.lt(to, stop), () => {
        code.do(f32.store(to, f32.add(f32.load(to), f32.load(x))));
        advance(BYTES);
      });
      code.set(indices, i32.add(indices, i32.const(BYTES)));
    });
  },
};
