import { lower, type ScalarType, type Step } from '@wengert/fusion';
import type { Local, Type } from '../../wasm/code.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { ELEMENTS, vectorsOf } from './elements.ts';
import type { Unless } from './exponential.ts';
import { type Lanes, lowering } from './lowering.ts';
import { importsOf } from './operations.ts';

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
/** So many times four elements go through the loop at a time, fewer where formulas are long or elements wide. */
const TURN = 4;
const LONG = 6;

/**
 * Rows of columns of the outputs, and of inputs whose rows lie so many bytes apart as the caller says: the parameters
 * are rows, columns, the address of each output, for each input its address and that step, and the numbers. Whole
 * vectors are computed at the end of a row too: what they spill is written again by the next row, or lies in the slack
 * behind the block. As long as nothing is exceptional several vectors go through quick forms of the formulas.
 */
export function pointwiseLoop({ readings, numbers, steps, outputs }: Loop): Definition {
  const stored = outputs.map((step) => steps[step].formula.body.type);
  const perInput = (): Type[] => ['i32', 'i32'];
  const turn = steps.length > LONG || readings.some(({ type }) => type === 'double') ? TURN / 2 : TURN;
  return {
    imports: [...new Set(steps.flatMap(({ formula }) => importsOf(formula) ?? []))],
    parameters: [
      'i32',
      'i32',
      ...stored.map((): Type => 'i32'),
      ...readings.flatMap(perInput),
      ...numbers.map((type) => ELEMENTS[type].parameter),
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
        return alike(type, code.let(ELEMENTS[type].splat(number)));
      });
      const at = readings.map(() => code.local('i32'));
      const still = readings.map(({ type }) => alike(type, code.local()));
      const to = stored.map(() => code.local('i32'));
      const [end, bulk, limit, stop] = code.locals(4, 'i32');
      const width = ELEMENTS[stored[0]].bytes;

      /** The outputs for the vectors that are so many further on. */
      const results = (vector: number, unless?: Unless): Lanes[] => {
        const seen = readings.map(({ type, fixed }, i) =>
          fixed ? still[i] : placesOf(type, vector).map((place) => code.let(ELEMENTS[type].load(at[i], place))),
        );
        const done: Lanes[] = [];
        for (const { formula, args } of steps) {
          const operands = args.map(({ from, index }) => ({ step: done, access: seen, number: values })[from][index]);
          done.push(lower(formula.body, operands, lowering(code, unless)));
        }
        return outputs.map((step) => done[step]);
      };
      const store = (vectors: readonly Lanes[][]): void => {
        for (const [k, type] of stored.entries()) {
          for (const [i, results] of vectors.entries()) {
            for (const [half, place] of placesOf(type, i).entries())
              code.do(ELEMENTS[type].store(to[k], results[k][half], place));
          }
        }
      };
      const advance = (vectors: number): void => {
        for (const [i, { type, fixed }] of readings.entries())
          if (!fixed) code.plus(at[i], vectors * LANES * ELEMENTS[type].bytes);
        for (const [k, type] of stored.entries()) code.plus(to[k], vectors * LANES * ELEMENTS[type].bytes);
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
        for (const [i, { type, fixed }] of readings.entries()) {
          if (fixed) code.set(still[i][0], ELEMENTS[type].repeat(inputs[i][0]));
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
          code.plus(rowsOut[k], i32.mul(columns, ELEMENTS[type].bytes));
        }
        for (const [address, step] of inputs) code.plus(address, step);
      });
    },
  };
}

/** How far on the vectors lie which four elements fill, so many fours further on. */
function placesOf(type: ScalarType, fours: number): number[] {
  return Array.from({ length: vectorsOf(type) }, (_, half) => fours * LANES * ELEMENTS[type].bytes + 16 * half);
}

/** The same vector for each of these. */
function alike(type: ScalarType, vector: Local): Lanes {
  return new Array<Local>(vectorsOf(type)).fill(vector);
}
