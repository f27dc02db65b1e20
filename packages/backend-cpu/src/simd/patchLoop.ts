import type { Local, Value } from '../wasm/code.ts';
import { f32, i32, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';

const BYTES = 4;

/**
 * For one line of taps along the last spatial axis: copies what they see of one line of x into the rows of a matrix, one
 * for each output. Parameters: the first row and the bytes from one to the next; the line of x, or 0 for zeros; the
 * positions in it, for each output and each tap, of which a negative one is a zero; the numbers of outputs, of taps, and
 * of channels at each position.
 */
export const patchLoop: Definition = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  body(code) {
    const [row, step, line, positions, outputs, taps, channels] = Array.from({ length: 7 }, (_, i) =>
      code.parameter(i),
    );
    const [to, from, end, tap, first] = Array.from({ length: 5 }, () => code.local('i32'));
    const bytes = code.let('i32', i32.mul(channels, i32.const(BYTES)));
    const all = code.let('i32', i32.mul(bytes, taps));
    const last = code.let('i32', i32.mul(i32.sub(taps, i32.const(1)), i32.const(BYTES)));

    /** Writes so many bytes from `to` on, and moves it behind them. */
    const write = (size: Value, vector: Value, float: Value): void => {
      const run = (length: number, store: Value): void =>
        code.while(i32.le(i32.add(to, i32.const(length)), end), () => {
          code.do(store);
          for (const local of [to, from]) code.set(local, i32.add(local, i32.const(length)));
        });
      code.set(end, i32.add(to, size));
      run(16, v128.store(to, vector));
      run(BYTES, f32.store(to, float));
    };
    const copy = (size: Value): void => write(size, v128.load(from), f32.load(from));
    const clear = (size: Value): void => write(size, code.floats(0), f32.const(0));
    const seek = (position: Local): void => code.set(from, i32.add(line, i32.mul(position, bytes)));

    code.while(outputs, () => {
      code.set(to, row);
      code.set(first, i32.load(positions));
      const together = i32.eq(i32.sub(i32.load(i32.add(positions, last)), first), i32.sub(taps, i32.const(1)));
      code.if(
        i32.eqz(line),
        () => clear(all),
        () =>
          code.if(
            // The ends of a line of taps tell that all of it lies side by side.
            i32.and(together, i32.lt(first, i32.const(2 ** 31 - 1))),
            () => {
              seek(first);
              copy(all);
            },
            () => {
              code.set(tap, i32.const(0));
              code.while(i32.lt(tap, taps), () => {
                code.set(first, i32.load(i32.add(positions, i32.mul(tap, i32.const(BYTES)))));
                code.if(
                  i32.lt(first, i32.const(2 ** 31 - 1)),
                  () => {
                    seek(first);
                    copy(bytes);
                  },
                  () => clear(bytes),
                );
                code.set(tap, i32.add(tap, i32.const(1)));
              });
            },
          ),
      );
      code.set(positions, i32.add(positions, i32.mul(taps, i32.const(BYTES))));
      code.set(row, i32.add(row, step));
      code.set(outputs, i32.sub(outputs, i32.const(1)));
    });
  },
};
