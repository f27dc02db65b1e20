import type { Local, Value } from '../wasm/code.ts';
import { f32, f32x4, i32, i32x4, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';
import { exp } from './exponential.ts';
import { log } from './logarithm.ts';
import { foldRun, folds } from './reductionLoop.ts';
import { total } from './vectors.ts';

export type Kind = 'softmax' | 'logSoftmax' | 'logSumExp';

const BYTES = 4;

/**
 * Rows of contiguous columns. Subtracting the maximum keeps the exponentials finite. What whole vectors spill at the end
 * of a row is written again by the next. Parameters: out, x, rows, columns.
 */
export function softmaxLoop(kind: Kind): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, rows, columns] = [0, 1, 2, 3].map((i) => code.parameter(i));
      const [at, to, end] = Array.from({ length: 3 }, () => code.local('i32'));
      const [max, sum, inverse] = Array.from({ length: 3 }, () => code.local('v128'));
      const bytes = code.let('i32', i32.mul(columns, i32.const(BYTES)));
      const each = (body: (value: Local) => void): void => {
        code.set(at, x);
        code.set(to, out);
        code.while(i32.lt(at, end), () => {
          body(code.let('v128', f32x4.sub(v128.load(at), max)));
          code.set(at, i32.add(at, i32.const(16)));
          code.set(to, i32.add(to, i32.const(16)));
        });
      };
      const repeated = (value: Value): Value => f32x4.splat(value);

      code.while(rows, () => {
        code.set(end, i32.add(x, bytes));
        code.set(at, x);
        code.set(max, repeated(foldRun(code, folds.max, at, end)));
        code.set(sum, code.floats(0));
        each((value) => {
          const exponential = code.let('v128', exp(code, value, value));
          if (kind === 'softmax') code.do(v128.store(to, exponential));
          const left = i32x4.splat(i32.sub(end, at));
          const valid = i32x4.lt(code.lanes(0, 4, 8, 12), left);
          code.set(sum, f32x4.add(sum, v128.and(exponential, valid)));
        });
        code.set(sum, repeated(total(code, sum)));
        if (kind === 'softmax') {
          code.set(inverse, f32x4.div(code.floats(1), sum));
          code.set(to, out);
          code.set(at, x);
          code.while(i32.lt(at, end), () => {
            code.do(v128.store(to, f32x4.mul(v128.load(to), inverse)));
            code.set(at, i32.add(at, i32.const(16)));
            code.set(to, i32.add(to, i32.const(16)));
          });
        } else {
          const logarithm = code.let('v128', log(code, sum, sum));
          if (kind === 'logSoftmax') each((value) => code.do(v128.store(to, f32x4.sub(value, logarithm))));
          else {
            // An infinite maximum is its own answer.
            const infinite = f32x4.eq(f32x4.abs(max), code.floats(Infinity));
            const result = v128.select(infinite, max, f32x4.add(max, logarithm));
            code.do(f32.store(out, f32x4.extract(result, 0)));
          }
        }
        code.set(x, end);
        code.set(out, i32.add(out, kind === 'logSumExp' ? i32.const(BYTES) : bytes));
        code.set(rows, i32.sub(rows, i32.const(1)));
      });
    },
  };
}
