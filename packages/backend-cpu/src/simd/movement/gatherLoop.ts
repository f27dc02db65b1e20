import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';

const BYTES = 4;

/**
 * Copies those rows of x that the indices name to out, one after the other, and stops at an index that is not below
 * `size`. What whole vectors spill beyond a row is overwritten by the next. Parameters: out, x, the indices, their
 * number, the bytes of a row, and size. Result: 0 if all rows were there.
 */
export const gatherLoop: Definition = {
  parameters: 6,
  result: 'i32',
  body(code) {
    const [out, x, indices, count, bytes, size] = code.parameters;
    const [at, stop] = [code.local('i32'), code.local('i32')];
    const end = code.let(i32.add(indices, i32.mul(count, BYTES)), 'i32');
    code.while(i32.and(i32.lt(indices, end), i32.lt(i32.load(indices), size)), () => {
      code.set(at, i32.add(x, i32.mul(i32.load(indices), bytes)));
      code.set(stop, i32.add(out, bytes));
      code.repeat(
        () => {
          code.do(v128.store(out, v128.load(at)));
          for (const local of [at, out]) code.plus(local, 16);
        },
        i32.lt(out, stop),
      );
      code.set(out, stop);
      code.plus(indices, BYTES);
    });
    code.do(i32.sub(end, indices));
  },
};
