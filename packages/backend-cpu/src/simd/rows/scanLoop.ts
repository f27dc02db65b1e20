import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { doubles as doublesOf, floats } from '../halves.ts';
import type { Fold } from '../reductions/folds.ts';

/**
 * Running folds of one column or 4 n neighbouring ones, without the element itself if `exclusive`. Parameters: out, x,
 * rows, and the bytes from one row to the next.
 */
export function scanLoop(fold: Fold, columns: number, exclusive: boolean): Definition {
  const doubles = fold.lanes === 'doubles';
  return {
    parameters: 4,
    body(code) {
      const [out, x, rows, step] = code.parameters;
      const groups = Array.from({ length: Math.ceil(columns / 4) }, () =>
        Array.from({ length: doubles ? 2 : 1 }, () => code.let(code[fold.lanes](fold.start))),
      );
      const value = code.local();
      code.times(rows, () => {
        for (const [i, [low, high]] of groups.entries()) {
          const advance = (): void => {
            code.set(value, columns === 1 ? v128.load32Splat(x) : v128.load(x, 16 * i));
            code.set(low, fold.combine(low, doubles ? doublesOf(value, 0) : value));
            if (doubles) code.set(high, fold.combine(high, doublesOf(value, 1)));
          };
          if (!exclusive) advance();
          const result = doubles ? floats(low, high) : low;
          code.do(columns === 1 ? v128.storeFirst(4, out, result) : v128.store(out, result, 16 * i));
          if (exclusive) advance();
        }
        for (const local of [out, x]) code.plus(local, step);
      });
    },
  };
}
