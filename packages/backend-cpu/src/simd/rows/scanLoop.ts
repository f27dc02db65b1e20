import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import { lanes } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
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
            code.set(low, fold.combine(low, doubles ? f64x2.fromFloats(value) : value));
            if (doubles) code.set(high, fold.combine(high, f64x2.fromFloats(lanes(value, value, [2, 3, 2, 3]))));
          };
          if (!exclusive) advance();
          const result = doubles ? lanes(f32x4.fromDoubles(low), f32x4.fromDoubles(high), [0, 1, 4, 5]) : low;
          code.do(columns === 1 ? v128.storeFirst(4, out, result) : v128.store(out, result, 16 * i));
          if (exclusive) advance();
        }
        for (const local of [out, x]) code.plus(local, step);
      });
    },
  };
}
