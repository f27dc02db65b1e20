import type {
  Apply,
  Arithmetic,
  Comparison,
  Constant,
  Expression,
  Input,
  Intrinsic,
  ScalarType,
} from './expression.ts';

export function input(index: number, type: ScalarType): Input {
  return { kind: 'input', index, type };
}

/** A number beside `x`, in its type. */
export function like(x: Expression, value: number): Constant {
  return { kind: 'constant', value, type: x.type };
}

/** An operation whose result has the type of its arguments. */
export function apply(op: Arithmetic | Intrinsic, ...args: readonly Expression[]): Apply {
  return { kind: 'apply', op, type: args[0].type, args };
}

function truth(op: Comparison | 'or' | 'not', ...args: readonly Expression[]): Apply {
  return { kind: 'apply', op, type: 'bool', args };
}

export const add = (x: Expression, y: Expression): Apply => apply('add', x, y);
export const sub = (x: Expression, y: Expression): Apply => apply('sub', x, y);
export const mul = (x: Expression, y: Expression): Apply => apply('mul', x, y);
export const div = (x: Expression, y: Expression): Apply => apply('div', x, y);
export const abs = (x: Expression): Apply => apply('abs', x);
export const less = (x: Expression, y: Expression): Apply => truth('less', x, y);
export const lessEqual = (x: Expression, y: Expression): Apply => truth('lessEqual', x, y);
export const equal = (x: Expression, y: Expression): Apply => truth('equal', x, y);
export const or = (x: Expression, y: Expression): Apply => truth('or', x, y);
export const not = (x: Expression): Apply => truth('not', x);

export function select(condition: Expression, x: Expression, y: Expression): Apply {
  return { kind: 'apply', op: 'select', type: x.type, args: [condition, x, y] };
}

export function cast(x: Expression, type: ScalarType): Expression {
  return x.type === type ? x : { kind: 'apply', op: 'cast', type, args: [x] };
}
