import type { Code, Local, Type, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as f64x2 from '../../wasm/f64x2.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import { lanes } from '../../wasm/instruction.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { sumOfFloats } from '../reductions/folds.ts';
import { acrossLanes, foldRow, squaredDistance } from '../reductions/reductionLoop.ts';
import { addInside, eachRow, eachVector } from './rows.ts';

/** Whether the mean of a row is subtracted, and by what the result is multiplied, and what added to it. */
export interface Parts {
  readonly centred: boolean;
  readonly scale: boolean;
  readonly offset: boolean;
}

const BYTES = 4;

/** What the loops have first: rows, columns, epsilon, x. Then follow as many addresses as are needed. */
const PARAMETERS: readonly Type[] = ['i32', 'i32', 'f32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'];

/** Of a row the bytes, the number of elements, their mean or 0, and the factor that gives them variance 1. */
interface Row {
  readonly bytes: Local;
  readonly count: Local;
  readonly mean: Local;
  readonly factor: Local;
}

/** Runs the body for each row of x, beside which other addresses move on. */
function eachStandardRow(code: Code, centred: boolean, others: readonly Local[], body: (row: Row) => void): void {
  const [rows, columns, epsilon, x] = code.parameters;
  const [at, end] = code.locals(2, 'i32');
  const bytes = code.let(i32.mul(columns, BYTES), 'i32');
  const count = code.let(f32x4.fromInts(i32x4.splat(columns)));
  const least = code.let(f32x4.splat(epsilon));
  /** The mean, or of the squares of the distances from a centre. */
  const meanFrom = (centre: Local | null): Local => {
    const sum = code.let(code.doubles(0));
    code.set(at, x);
    foldRow(code, sumOfFloats, sum, at, end, (load) => {
      return centre === null ? load(at) : squaredDistance(code, load(at), centre);
    });
    const mean = code.let(f32x4.fromDoubles(f64x2.div(sum, f64x2.fromFloats(count))));
    return code.let(lanes(mean, mean, [0, 0, 0, 0]));
  };
  eachRow(code, rows, [x, ...others], bytes, () => {
    code.set(end, i32.add(x, bytes));
    const mean = centred ? meanFrom(null) : code.floats(0);
    const deviation = f32x4.sqrt(f32x4.add(meanFrom(mean), least));
    body({ bytes, count, mean, factor: code.let(f32x4.div(1, deviation)) });
  });
}

/** Rows of x with mean 0 and variance 1. Further parameters: out, and scale and offset as far as there are any. */
export function standardRows({ centred, scale, offset }: Parts): Definition {
  return {
    parameters: PARAMETERS,
    body(code) {
      const [, , , x, out, ...parameters] = code.parameters;
      eachStandardRow(code, centred, [out], ({ bytes, mean, factor }) => {
        eachVector(code, [x, out, ...parameters], bytes, ([at, to, ...parameters], i) => {
          let y = f32x4.mul(f32x4.sub(v128.load(at, i), mean), factor);
          if (scale) y = f32x4.mul(y, v128.load(parameters[0], i));
          if (offset) y = f32x4.add(y, v128.load(parameters[Number(scale)], i));
          code.do(v128.store(to, y, i));
        });
      });
    },
  };
}

/**
 * The cotangents of rows of x from those of the result, and added to what is there, those of scale and offset. Further
 * parameters: g, gx, the scale, and where the cotangents of scale and offset go as far as there are any.
 */
export function standardRowsGrad({ centred, scale, offset }: Parts): Definition {
  return {
    parameters: PARAMETERS,
    body(code) {
      const [, , , x, g, gx, factors, ...gradients] = code.parameters;
      eachStandardRow(code, centred, [g, gx], ({ bytes, count, mean, factor }) => {
        const sums = code.lets(4, code.floats(0));
        const standard = (at: Value, i: number): Local =>
          code.let(f32x4.mul(f32x4.sub(v128.load(at, i), mean), factor));
        const scaled = (gradient: Value, at: Value, i: number): Local =>
          code.let(scale ? f32x4.mul(gradient, v128.load(at, i)) : gradient);
        const plus = (to: Value, value: Value, i: number): void =>
          code.do(v128.store(to, f32x4.add(v128.load(to, i), value), i));
        const meanOf = (k: number): Local =>
          code.let(f32x4.div(acrossLanes(code, sumOfFloats, f32x4.add(sums[k], sums[k + 1])), count));

        eachVector(code, [x, g, factors, ...gradients], bytes, ([at, from, by, ...to], i, inside) => {
          const gradient = code.let(v128.load(from, i));
          const y = standard(at, i);
          const inner = scaled(gradient, by, i);
          for (const [k, value] of [inner, f32x4.mul(inner, y)].entries()) {
            addInside(code, sums[2 * k + ((i / 16) % 2)], value, inside);
          }
          if (scale) plus(to[0], f32x4.mul(gradient, y), i);
          if (offset) plus(to[Number(scale)], gradient, i);
        });
        const level = centred ? meanOf(0) : code.floats(0);
        const slope = meanOf(2);
        eachVector(code, [x, g, factors, gx], bytes, ([at, from, by, to], i) => {
          const across = f32x4.sub(scaled(v128.load(from, i), by, i), level);
          code.do(v128.store(to, f32x4.mul(f32x4.sub(across, f32x4.mul(standard(at, i), slope)), factor), i));
        });
      });
    },
  };
}
