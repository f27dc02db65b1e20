import * as i32 from '../../wasm/i32.ts';
import { type Load, lanes, type Store } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';

/** The load and the store of an element of 1, 4 or 8 bytes. */
function moves(bytes: number): [Load, Store] {
  if (bytes === 1) return [i32.load8, i32.store8];
  return bytes === 4 ? [i32.load, i32.store] : [v128.load64, (to, x) => v128.storeFirst(8, to, x)];
}

/**
 * Copies rows × columns elements of 1, 4 or 8 bytes. Parameters: out, x, for each the bytes from one row to the next
 * and from one column to the next, rows, columns.
 */
export function stridedLoop(bytes: number): Definition {
  const [load, store] = moves(bytes);
  return {
    parameters: 8,
    body(code) {
      const [out, x, outRow, outColumn, row, column, rows, columns] = code.parameters;
      const [at, to, left] = code.locals(3, 'i32');
      const four = code.local();
      code.times(rows, () => {
        code.set(at, x);
        code.set(to, out);
        code.set(left, columns);
        if (bytes === 4) {
          // Where x goes back element by element, out goes forth: four at a time.
          code.if(i32.eq(column, -4), () => {
            code.while(i32.ge(left, 4), () => {
              code.set(four, v128.load(i32.sub(at, 12)));
              code.do(v128.store(to, lanes(four, four, [3, 2, 1, 0])));
              code.plus(to, 16);
              code.plus(at, -16);
              code.plus(left, -4);
            });
          });
        }
        code.times(left, () => {
          code.do(store(to, load(at)));
          code.plus(to, outColumn);
          code.plus(at, column);
        });
        code.plus(out, outRow);
        code.plus(x, row);
      });
    },
  };
}
