import type { Code, MathFunction, Value } from './code.ts';
import { unsigned } from './encoding.ts';

export type Unary = (x: Value) => Value;
export type Binary = (x: Value, y: Value) => Value;
export type Load = (address: Value, offset?: number) => Value;
export type Store = (address: Value, value: Value, offset?: number) => Value;
export type Select = (mask: Value, x: Value, y: Value) => Value;
export type Const = (value: number) => Value;
export type Extract = (x: Value, lane: number) => Value;
export type Replace = (x: Value, lane: number, value: Value) => Value;
export type Shift = (x: Value, by: number) => Value;

export type Ternary = (x: Value, y: Value, z: Value) => Value;

/** An instruction that takes what its operands leave on the stack. */
export function apply(
  opcode: readonly number[],
  operands: readonly Value[],
  immediates: readonly number[] = [],
): Value {
  return (to: Code) => {
    for (let i = 0; i < operands.length; i++) to.do(operands[i]);
    to.append(opcode);
    to.append(immediates);
  };
}

// The makers below leave no trace where nobody uses what they make: bundles carry the instructions that they need.

/* @__NO_SIDE_EFFECTS__ */
export function vector(opcode: number): readonly number[] {
  return [0xfd, ...unsigned(opcode)];
}

/* @__NO_SIDE_EFFECTS__ */
export function unary(...opcode: readonly number[]): Unary {
  return (x) => apply(opcode, [x]);
}

/* @__NO_SIDE_EFFECTS__ */
export function binary(...opcode: readonly number[]): Binary {
  return (x, y) => apply(opcode, [x, y]);
}

/* @__NO_SIDE_EFFECTS__ */
export function loads(...opcode: readonly number[]): Load {
  return (address, offset = 0) => apply(opcode, [address], [0, ...unsigned(offset)]);
}

/* @__NO_SIDE_EFFECTS__ */
export function stores(...opcode: readonly number[]): Store {
  return (address, value, offset = 0) => apply(opcode, [address, value], [0, ...unsigned(offset)]);
}

/* @__NO_SIDE_EFFECTS__ */
export function extracts(opcode: number): Extract {
  return (x, lane) => apply(vector(opcode), [x], [lane]);
}

/* @__NO_SIDE_EFFECTS__ */
export function shifts(opcode: number): Shift {
  return (x, by) => apply(vector(opcode), [x, by]);
}

/** A unary instruction of vectors. */
/* @__NO_SIDE_EFFECTS__ */
export function one(opcode: number): Unary {
  return unary(...vector(opcode));
}

/** What vectors hold. */
export type Lanes = 'floats' | 'doubles' | 'ints';

/** A binary instruction of vectors, for which a number stands for one in all lanes if it is said what these hold. */
/* @__NO_SIDE_EFFECTS__ */
export function two(opcode: number, lanes?: Lanes): Binary {
  const operand = (x: Value): Value => (typeof x === 'number' && lanes !== undefined ? (to) => to.do(to[lanes](x)) : x);
  return (x, y) => apply(vector(opcode), [operand(x), operand(y)]);
}

/** Calls a function of the same module by its number. */
export function call(index: number, ...operands: readonly Value[]): Value {
  return (to) => to.do(apply([0x10, ...unsigned(to.imports.length + index)], operands));
}

/** Calls one of JavaScript's functions on doubles, which the definition has to import. */
export function callMath(name: MathFunction, ...operands: readonly Value[]): Value {
  return (to) => to.do(apply([0x10, ...unsigned(to.imports.indexOf(name))], operands));
}

/** The four 32-bit lanes of x (0 to 3) and y (4 to 7) that are named. */
export function lanes(x: Value, y: Value, chosen: readonly number[]): Value {
  const bytes = chosen.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
  return apply(vector(0x0d), [x, y], bytes);
}
