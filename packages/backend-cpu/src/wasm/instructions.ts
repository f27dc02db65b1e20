import type { Code, Value } from './code.ts';
import { bytesOf, signed, unsigned } from './encoding.ts';

type Unary = (x: Value) => Value;
type Binary = (x: Value, y: Value) => Value;
type Load = (address: Value, offset?: number) => Value;
type Store = (address: Value, value: Value, offset?: number) => Value;
type Select = (mask: Value, x: Value, y: Value) => Value;
type Const = (value: number) => Value;
type Extract = (x: Value, lane: number) => Value;
type Shift = (x: Value, by: number) => Value;

/** Instructions of one type of values by name, sorted by what they take. */
type Instructions<U extends string, B extends string = never, Others = unknown> = Readonly<
  Record<U, Unary> & Record<B, Binary> & Others
>;

/** An instruction that takes what its operands leave on the stack. */
function apply(opcode: readonly number[], operands: readonly Value[], immediates: readonly number[] = []): Value {
  return (to: Code) => {
    for (let i = 0; i < operands.length; i++) operands[i](to);
    to.append(opcode);
    to.append(immediates);
  };
}

const vector = (opcode: number): readonly number[] => [0xfd, ...unsigned(opcode)];
const unary =
  (...opcode: readonly number[]): Unary =>
  (x) =>
    apply(opcode, [x]);
const binary =
  (...opcode: readonly number[]): Binary =>
  (x, y) =>
    apply(opcode, [x, y]);
const load =
  (...opcode: readonly number[]): Load =>
  (address, offset = 0) =>
    apply(opcode, [address], [0, ...unsigned(offset)]);
const store =
  (...opcode: readonly number[]): Store =>
  (address, value, offset = 0) =>
    apply(opcode, [address, value], [0, ...unsigned(offset)]);
const extract =
  (opcode: number): Extract =>
  (x, lane) =>
    apply(vector(opcode), [x], [lane]);
const shift =
  (opcode: number): Shift =>
  (x, by) =>
    apply(vector(opcode), [x, i32.const(by)]);
const one = (opcode: number): Unary => unary(...vector(opcode));
const two = (opcode: number): Binary => binary(...vector(opcode));

/** Calls a function of the same module by its number. */
export function call(index: number, ...operands: readonly Value[]): Value {
  return apply([0x10, ...unsigned(index)], operands);
}

export const i32: Instructions<
  'eqz',
  'eq' | 'ne' | 'lt' | 'le' | 'ge' | 'add' | 'sub' | 'mul' | 'div' | 'and' | 'or' | 'shl',
  { const: Const; load: Load; load8: Load; store: Store; store8: Store }
> = {
  const: (value) => apply([0x41, ...signed(value)], []),
  load: load(0x28),
  load8: load(0x2d),
  store: store(0x36),
  store8: store(0x3a),
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  // Comparisons are unsigned: addresses may lie beyond 2^31.
  lt: binary(0x49),
  le: binary(0x4d),
  ge: binary(0x4f),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  div: binary(0x6e),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
};

export const f32: Instructions<'demote', 'eq' | 'add' | 'max' | 'min', { const: Const; load: Load; store: Store }> = {
  const: (value) => apply([0x43, ...bytesOf(Float32Array.of(value))], []),
  load: load(0x2a),
  store: store(0x38),
  eq: binary(0x5b),
  add: binary(0x92),
  min: binary(0x96),
  max: binary(0x97),
  demote: unary(0xb6),
};

export const f64: Instructions<'promote', 'add' | 'min' | 'max', { const: Const }> = {
  const: (value) => apply([0x44, ...bytesOf(Float64Array.of(value))], []),
  add: binary(0xa0),
  min: binary(0xa4),
  max: binary(0xa5),
  promote: unary(0xbb),
};

export const v128: Instructions<
  'anyTrue' | 'not',
  'and' | 'andNot' | 'or' | 'xor',
  { load: Load; load32Splat: Load; load32: Load; load64: Load; store: Store; select: Select }
> = {
  load: load(...vector(0)),
  load32Splat: load(...vector(0x09)),
  load32: load(...vector(0x5c)),
  load64: load(...vector(0x5d)),
  store: store(...vector(0x0b)),
  and: two(0x4e),
  // Of x what is not in y.
  andNot: two(0x4f),
  or: two(0x50),
  xor: two(0x51),
  anyTrue: one(0x53),
  not: one(0x4d),
  // x where the mask is set, else y.
  select: (mask, x, y) => apply(vector(0x52), [x, y, mask]),
};

export const i8x16: Instructions<'splat', 'narrow'> = { splat: one(0x0f), narrow: two(0x65) };

export const i16x8: Instructions<'extendLow', 'narrow'> = { extendLow: one(0x89), narrow: two(0x85) };

export const i32x4: Instructions<
  'splat' | 'extendLow' | 'fromFloats' | 'fromDoubles',
  'eq' | 'ne' | 'lt' | 'add' | 'sub' | 'max',
  { extract: Extract; shl: Shift; shiftRight: Shift }
> = {
  splat: one(0x11),
  extract: extract(0x1b),
  eq: two(0x37),
  ne: two(0x38),
  // Signed, as all of these.
  lt: two(0x39),
  extendLow: one(0xa9),
  shl: shift(0xab),
  shiftRight: shift(0xac),
  add: two(0xae),
  sub: two(0xb1),
  max: two(0xb8),
  fromFloats: one(0xf8),
  fromDoubles: one(0xfc),
};

export const i64x2: Instructions<'extendLow', 'add', { shl: Shift }> = {
  extendLow: one(0xc7),
  shl: shift(0xcb),
  add: two(0xce),
};

export const f32x4: Instructions<
  'splat' | 'ceil' | 'floor' | 'nearest' | 'abs' | 'neg' | 'sqrt' | 'fromInts' | 'fromDoubles',
  'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge' | 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'pmin' | 'pmax',
  { extract: Extract; multiplyAdd: (x: Value, y: Value, z: Value) => Value }
> = {
  splat: one(0x13),
  extract: extract(0x1f),
  eq: two(0x41),
  ne: two(0x42),
  lt: two(0x43),
  gt: two(0x44),
  le: two(0x45),
  ge: two(0x46),
  ceil: one(0x67),
  floor: one(0x68),
  nearest: one(0x6a),
  abs: one(0xe0),
  neg: one(0xe1),
  sqrt: one(0xe3),
  add: two(0xe4),
  sub: two(0xe5),
  mul: two(0xe6),
  div: two(0xe7),
  min: two(0xe8),
  max: two(0xe9),
  // y where y < x, else x; hence x where one is NaN.
  pmin: two(0xea),
  // y where y > x, else x; hence x where one is NaN.
  pmax: two(0xeb),
  // x * y + z, rounded once where the processor can; of relaxed SIMD.
  multiplyAdd: (x, y, z) => apply(vector(0x105), [x, y, z]),
  fromInts: one(0xfa),
  fromDoubles: one(0x5e),
};

export const f64x2: Instructions<
  'splat' | 'nearest' | 'fromFloats',
  'add' | 'sub' | 'mul' | 'div' | 'pmin' | 'pmax',
  { extract: Extract }
> = {
  splat: one(0x14),
  extract: extract(0x21),
  nearest: one(0x94),
  add: two(0xf0),
  sub: two(0xf1),
  mul: two(0xf2),
  div: two(0xf3),
  pmin: two(0xf6),
  pmax: two(0xf7),
  fromFloats: one(0x5f),
};

/** The four 32-bit lanes of x (0 to 3) and y (4 to 7) that are named. */
export function lanes(x: Value, y: Value, chosen: readonly number[]): Value {
  const bytes = chosen.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
  return apply(vector(0x0d), [x, y], bytes);
}
