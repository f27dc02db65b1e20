import { lower, type ScalarType, type Step } from '@wengert/fusion';
import type { Code, Local, Type, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i8x16 from '../../wasm/i8x16.ts';
import * as i16x8 from '../../wasm/i16x8.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import type { Unless } from './exponential.ts';
import { importsOf, lowering } from './operations.ts';

/** How an input is read: one element after the other, or the first of each row only. */
export interface Reading {
  readonly type: ScalarType;
  readonly fixed: boolean;
}

/** What a pointwise loop computes from its inputs and numbers: steps, and of which of them it stores the results. */
export interface Loop {
  readonly readings: readonly Reading[];
  readonly numbers: readonly ScalarType[];
  readonly steps: readonly Step[];
  readonly outputs: readonly number[];
}

const LANES = 4;
/** So many vectors go through the loop at a time, fewer where the formulas are long. */
const TURN = 4;
const LONG = 6;

/** The bytes of an element in memory. */
export function sizeOfType(type: ScalarType): number {
  return type === 'bool' ? 1 : 4;
}

/**
 * Rows of columns of the outputs, and of inputs whose rows lie so many bytes apart as the caller says: the parameters
 * are rows, columns, the address of each output, for each input its address and that step, and the numbers. Whole
 * vectors are computed at the end of a row too: what they spill is written again by the next row, or lies in the slack
 * behind the block. As long as nothing is exceptional several vectors go through quick forms of the formulas.
 */
export function pointwiseLoop({ readings, numbers, steps, outputs }: Loop): Definition {
  const stored = outputs.map((step) => steps[step].formula.body.type);
  const perInput = (): Type[] => ['i32', 'i32'];
  const typeOfNumber = (type: ScalarType): Type => (type === 'float' ? 'f32' : 'i32');
  const turn = steps.length > LONG ? TURN / 2 : TURN;
  return {
    imports: [...new Set(steps.flatMap(({ formula }) => importsOf(formula) ?? []))],
    parameters: [
      'i32',
      'i32',
      ...stored.map((): Type => 'i32'),
      ...readings.flatMap(perInput),
      ...numbers.map(typeOfNumber),
    ],
    body(code) {
      let next = 0;
      const taken = (count: number): readonly Local[] => {
        next += count;
        return code.parameters.slice(next - count, next);
      };
      const [rows, columns] = taken(2);
      const rowsOut = taken(stored.length);
      const inputs = readings.map(() => taken(2));
      const values = numbers.map((type) => {
        const [number] = taken(1);
        return code.let(type === 'float' ? f32x4.splat(number) : i32x4.splat(number));
      });
      const at = readings.map(() => code.local('i32'));
      const fixed = readings.map(() => code.local());
      const to = stored.map(() => code.local('i32'));
      const [end, bulk, limit, stop] = code.locals(4, 'i32');
      const width = sizeOfType(stored[0]);

      /** The outputs for the vectors that are so many further on. */
      const results = (vector: number, unless?: Unless): Local[] => {
        const seen = readings.map((reading, i) => (reading.fixed ? fixed[i] : code.let(read(reading, at[i], vector))));
        const done: Local[] = [];
        for (const { formula, args } of steps) {
          const operands = args.map(({ from, index }) => ({ step: done, access: seen, number: values })[from][index]);
          done.push(lower(formula.body, operands, lowering(code, unless)));
        }
        return outputs.map((step) => done[step]);
      };
      const store = (vectors: readonly Local[][]): void => {
        for (const [k, type] of stored.entries()) {
          for (const [i, results] of vectors.entries()) {
            if (type !== 'bool') code.do(v128.store(to[k], results[k], 16 * i));
            else code.do(i32.store(to[k], i32x4.extract(bytesOf(code, results[k]), 0), LANES * i));
          }
        }
      };
      const advance = (vectors: number): void => {
        for (const [i, { type, fixed }] of readings.entries())
          if (!fixed) code.plus(at[i], vectors * LANES * sizeOfType(type));
        for (const [k, type] of stored.entries()) code.plus(to[k], vectors * LANES * sizeOfType(type));
      };
      /** Quick turns up to `bulk`, or to one in which something is exceptional: vectors go one at a time to its end. */
      const quickTurns = (): void => {
        let exceptions: Local | null = null;
        const vectors = Array.from({ length: turn }, (_, i) =>
          results(i, (mask) => {
            if (exceptions === null) exceptions = code.let(mask);
            else code.set(exceptions, v128.or(exceptions, mask));
          }),
        );
        const finish = (): void => {
          store(vectors);
          advance(turn);
        };
        if (exceptions === null) finish();
        else
          code.if(
            v128.anyTrue(exceptions),
            () => {
              code.set(limit, 0);
              code.set(stop, i32.add(to[0], turn * LANES * width));
            },
            finish,
          );
      };

      code.times(rows, () => {
        for (const [i, reading] of readings.entries()) {
          if (reading.fixed) code.set(fixed[i], repeated(reading, inputs[i][0]));
          else code.set(at[i], inputs[i][0]);
        }
        for (const [k, row] of rowsOut.entries()) code.set(to[k], row);
        code.set(end, i32.add(to[0], i32.mul(columns, width)));
        const whole = i32.and(columns, -turn * LANES);
        code.set(bulk, i32.add(to[0], i32.mul(whole, width)));
        code.while(i32.lt(to[0], end), () => {
          code.set(stop, end);
          code.set(limit, bulk);
          code.while(i32.lt(to[0], limit), quickTurns);
          code.while(i32.lt(to[0], stop), () => {
            store([results(0)]);
            advance(1);
          });
        });
        for (const [k, type] of stored.entries()) {
          code.plus(rowsOut[k], i32.mul(columns, sizeOfType(type)));
        }
        for (const [address, step] of inputs) code.plus(address, step);
      });
    },
  };
}

function read({ type }: Reading, address: Value, vector: number): Value {
  if (type !== 'bool') return v128.load(address, 16 * vector);
  return i32x4.ne(i32x4.extendLow(i16x8.extendLow(v128.load32(address, LANES * vector))), 0);
}

function repeated({ type }: Reading, address: Value): Value {
  return type === 'bool' ? i32x4.ne(i32x4.splat(i32.load8(address)), 0) : v128.load32Splat(address);
}

/** A mask of four lanes as four bytes that are 0 or 1, several times. */
function bytesOf(code: Code, mask: Value): Value {
  const words = code.let(i16x8.narrow(mask, mask));
  return v128.and(i8x16.narrow(words, words), code.ints(0x01010101));
}
