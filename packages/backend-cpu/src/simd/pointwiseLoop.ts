import { Code, type Local, type Type, type Value } from '../wasm/code.ts';
import { i8x16, i16x8, i32, i32x4, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';
import type { Formula, Unless } from './exponential.ts';

/** How an input is read: floats, or bools as masks; one after the other, or the first of each row only. */
export interface Reading {
  readonly bools?: boolean;
  readonly fixed: boolean;
}

/** What a pointwise loop computes from vectors of its inputs. */
export interface Loop {
  readonly inputs: readonly Reading[];
  readonly f: (code: Code, inputs: readonly Local[], unless?: Unless) => Value;
  readonly compares?: boolean | undefined;
  readonly fails?: ((code: Code, inputs: readonly Local[]) => Value) | undefined;
}

/** So many vectors go through the loop at a time. */
const TURN = 4;
const LANES = 4;

/**
 * Rows of columns of the output, and of inputs whose rows lie so many bytes apart as the caller says: the parameters
 * are out, rows, columns, and for each input its address and that step. Whole vectors are computed at the end of a row
 * too: what they spill is written again by the next row, or lies in the slack behind the block.
 * Returns whether the formula failed anywhere.
 */
export function pointwiseLoop({ inputs, f, compares, fails }: Loop): Definition {
  const parameters: Type[] = ['i32', 'i32', 'i32', ...inputs.flatMap(() => ['i32', 'i32'] as const)];
  const outSize = compares ? 1 : 4;
  const quick = !compares && hasQuickForm(f, inputs.length);
  return {
    parameters,
    result: 'i32',
    body(code) {
      const [out, rows, columns] = [0, 1, 2].map((i) => code.parameter(i));
      const starts = inputs.map((_, i) => code.parameter(3 + 2 * i));
      const steps = inputs.map((_, i) => code.parameter(4 + 2 * i));
      const at = inputs.map(() => code.local('i32'));
      const fixed = inputs.map(() => code.local('v128'));
      const failed = code.local('v128');
      const end = code.local('i32');
      const to = code.local('i32');

      const result = (turn: number, unless?: Unless): Value => {
        const vectors = inputs.map((input, i) =>
          input.fixed ? fixed[i] : code.let('v128', read(code, input, at[i], turn)),
        );
        if (fails !== undefined) code.set(failed, v128.or(failed, fails(code, vectors)));
        return f(code, vectors, unless);
      };
      const kept = (unless?: Unless): Local[] =>
        Array.from({ length: TURN }, (_, turn) => code.let('v128', result(turn, unless)));
      const turn = (): void => {
        if (compares) code.do(v128.store(to, bytes(code, kept())));
        else for (let i = 0; i < TURN; i++) code.do(v128.store(to, result(i), 16 * i));
      };
      /** Takes the quick form of the formula unless a lane of the turn is an exception. */
      const quickTurn = (): void => {
        let exceptions: Local | null = null;
        const values = kept((mask) => {
          if (exceptions === null) exceptions = code.let('v128', mask);
          else code.set(exceptions, v128.or(exceptions, mask));
        });
        if (exceptions === null) return;
        const store = (): void => {
          for (const [i, value] of values.entries()) code.do(v128.store(to, value, 16 * i));
        };
        code.if(v128.anyTrue(exceptions), turn, store);
      };
      const advance = (vectors: number): void => {
        for (const [i, { bools, fixed }] of inputs.entries()) {
          if (!fixed) code.set(at[i], i32.add(at[i], i32.const(vectors * LANES * (bools ? 1 : 4))));
        }
        code.set(to, i32.add(to, i32.const(vectors * LANES * outSize)));
      };

      code.while(rows, () => {
        for (const [i, input] of inputs.entries()) {
          if (input.fixed) code.set(fixed[i], repeated(code, input, starts[i]));
          else code.set(at[i], starts[i]);
        }
        code.set(to, out);
        const bulk = i32.and(columns, i32.const(-TURN * LANES));
        code.set(end, i32.add(out, i32.mul(bulk, i32.const(outSize))));
        code.while(i32.lt(to, end), () => {
          if (quick) quickTurn();
          else turn();
          advance(TURN);
        });
        code.set(end, i32.add(out, i32.mul(columns, i32.const(outSize))));
        code.while(i32.lt(to, end), () => {
          const value = code.let('v128', result(0));
          if (compares) code.do(i32.store(to, i32x4.extract(bytes(code, [value, value, value, value]), 0)));
          else code.do(v128.store(to, value));
          advance(1);
        });
        code.set(out, end);
        for (const [i, start] of starts.entries()) code.set(start, i32.add(start, steps[i]));
        code.set(rows, i32.sub(rows, i32.const(1)));
      });
      code.do(v128.anyTrue(failed));
    },
  };
}

function read(code: Code, { bools }: Reading, address: Value, turn: number): Value {
  if (!bools) return v128.load(address, 16 * turn);
  return i32x4.ne(i32x4.extendLow(i16x8.extendLow(v128.load32(address, 4 * turn))), code.ints(0));
}

function repeated(code: Code, { bools }: Reading, address: Value): Value {
  return bools ? i32x4.ne(i32x4.splat(i32.load8(address)), code.ints(0)) : v128.load32Splat(address);
}

/** Four masks of four lanes as sixteen bytes that are 0 or 1. */
function bytes(code: Code, [a, b, c, d]: readonly Value[]): Value {
  const narrow = i8x16.narrow(i16x8.narrow(a, b), i16x8.narrow(c, d));
  return v128.and(narrow, code.ints(0x01010101));
}

/** Whether a formula names exceptions, in code that nobody keeps. */
function hasQuickForm(f: Loop['f'], inputs: number): boolean {
  const trial = new Code([]);
  let has = false;
  f(
    trial,
    Array.from({ length: inputs }, () => trial.local('v128')),
    () => {
      has = true;
    },
  );
  return has;
}

/** The formula as it is, for loops over one or two inputs. */
export function applied(formula: Formula): Loop['f'] {
  return (code, inputs, unless) => formula(code, inputs[0], inputs[inputs.length - 1], unless);
}
