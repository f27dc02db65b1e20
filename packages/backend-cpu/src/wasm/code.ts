import { bytesOf, signed, sized, unsigned, vector } from './encoding.ts';

/** A type of values, by its byte in the binary format. */
export const TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type Type = keyof typeof TYPES;

/** Instructions that leave one value on the stack. */
type Instructions = (to: Code) => void;

/** Numbers stand for integers of 32 bits. */
export type Value = Instructions | number;

/** A variable of a function; as a value it reads itself. */
export interface Local extends Instructions {
  readonly index: number;
}

/** The functions of `Math`, on one double or two, that modules may import. */
export type MathFunction =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'atan2'
  | 'pow';

/** The type of a block that leaves nothing behind. */
const NOTHING = 0x40;

/** The body of a function under construction. */
export class Code {
  readonly parameters: readonly Local[];
  /** The imported functions, which have the first numbers. */
  readonly imports: readonly MathFunction[];
  readonly #locals: Type[] = [];
  readonly #constants = new Map<string, Local>();
  /** Constants are set here, before the loops: engines do not move them out themselves. */
  #prologue: number[] = [];
  #bytes: number[] = [];

  constructor(parameters: number, imports: readonly MathFunction[] = []) {
    this.parameters = Array.from({ length: parameters }, (_, i) => variable(i));
    this.imports = imports;
  }

  /** A new variable; a vector unless it is said what else. */
  local(type: Type = 'v128'): Local {
    this.#locals.push(type);
    return variable(this.parameters.length + this.#locals.length - 1);
  }

  locals(count: number, type?: Type): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  push(...bytes: readonly number[]): void {
    this.append(bytes);
  }

  append(bytes: readonly number[]): void {
    for (let i = 0; i < bytes.length; i++) this.#bytes.push(bytes[i]);
  }

  /** Appends instructions that leave nothing on the stack, or the function's result. */
  do(value: Value): void {
    if (typeof value === 'number') this.push(0x41, ...signed(value));
    else value(this);
  }

  set(local: Local, value: Value): void {
    this.do(value);
    this.push(0x21, ...unsigned(local.index));
  }

  /** Adds to an integer. */
  plus(local: Local, value: Value): void {
    local(this);
    this.do(value);
    this.push(0x6a, 0x21, ...unsigned(local.index));
  }

  /** A new variable that holds `value`. */
  let(value: Value, type?: Type): Local {
    const local = this.local(type);
    this.set(local, value);
    return local;
  }

  /** As many as are wanted. */
  lets(count: number, value: Value): Local[] {
    return Array.from({ length: count }, () => this.let(value));
  }

  /** A vector whose 32-bit lanes all hold the same number; made once, however often it is asked for. */
  floats(value: number): Local {
    return this.#constant(bytesOf(new Float32Array(4).fill(value)));
  }

  ints(value: number): Local {
    return this.#constant(bytesOf(new Int32Array(4).fill(value)));
  }

  /** A vector of four integers. */
  lanes(...values: readonly [number, number, number, number]): Local {
    return this.#constant(bytesOf(Int32Array.from(values)));
  }

  doubles(value: number): Local {
    return this.#constant(bytesOf(new Float64Array(2).fill(value)));
  }

  /** Runs `body` once, and again as long as `condition` holds. */
  repeat(body: () => void, condition: Value): void {
    this.push(0x03, NOTHING);
    body();
    this.do(condition);
    this.push(0x0d, 0, 0x0b);
  }

  /** Runs `body` as long as `condition` holds. */
  while(condition: Value, body: () => void): void {
    this.if(condition, () => this.repeat(body, condition));
  }

  /** Runs `body` until the first of some variables, which all move on by `step`, is no longer less than `end`. */
  upTo(moving: readonly Local[], end: Value, step: Value, body: () => void): void {
    const isLess: Value = (to) => {
      moving[0](to);
      to.do(end);
      to.push(0x49);
    };
    this.while(isLess, () => {
      body();
      for (const local of moving) this.plus(local, step);
    });
  }

  /** Runs `body` so often, and counts down. */
  times(count: Local, body: () => void): void {
    this.while(count, () => {
      body();
      this.plus(count, -1);
    });
  }

  if(condition: Value, body: () => void, otherwise?: () => void): void {
    this.do(condition);
    this.push(0x04, NOTHING);
    body();
    if (otherwise !== undefined) {
      this.push(0x05);
      otherwise();
    }
    this.push(0x0b);
  }

  /** The body as it stands in the code section. */
  finish(): number[] {
    const locals = this.#locals.map((type) => [1, TYPES[type]]);
    return sized(vector(locals).concat(this.#prologue, this.#bytes, 0x0b));
  }

  #constant(bytes: number[]): Local {
    const key = bytes.join();
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const local = this.local();
    this.#prologue.push(0xfd, 0x0c, ...bytes, 0x21, ...unsigned(local.index));
    this.#constants.set(key, local);
    return local;
  }
}

function variable(index: number): Local {
  const bytes = [0x20, ...unsigned(index)];
  return Object.assign((to: Code) => to.append(bytes), { index });
}
