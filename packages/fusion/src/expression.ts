/** What a scalar is computed as: float32, float64, int32, or a truth value. */
export type ScalarType = 'float' | 'double' | 'int' | 'bool';

/**
 * What a node computes from its arguments. Those that are not in the next three types have arguments and a result of the
 * node's own type, a floating one or int.
 */
export type Operation = Arithmetic | Intrinsic | Comparison | Logic | 'select' | 'cast';

/**
 * Sums, products and quotients as IEEE 754's, or of int32 wrapping; `mod` with the divisor's sign, and `floorDiv` the
 * floor of the rounded quotient, 0 for int32 over 0; `min` and `max` NaN if either is, with -0 below 0; `roundEven` half
 * to even. `neg` and `abs` only touch the sign. `bitAnd` is of ints.
 */
export type Arithmetic =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'floorDiv'
  | 'min'
  | 'max'
  | 'neg'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'roundEven'
  | 'sqrt'
  | 'bitAnd';

/** Functions for which each backend has accurate code of its own; `pow` is IEEE 754's, `atan2(y, x)` C's. */
export type Intrinsic =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'pow'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'atan2'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'sigmoid'
  | 'erf';

/** Two numbers of one type give a bool; with a NaN it is false. */
export type Comparison = 'less' | 'lessEqual' | 'equal';

/** Bools give a bool. */
export type Logic = 'and' | 'or' | 'not';

/** The value of an input, by its number. */
export interface Input {
  readonly kind: 'input';
  readonly index: number;
  readonly type: ScalarType;
}

/** A number; 0 and 1 for bools. */
export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
  readonly type: ScalarType;
}

/**
 * An operation on its arguments; `type` is that of the result. `select` takes a bool and two values of one type. `cast`
 * truncates numbers towards zero on their way to ints, as ECMAScript's ToInt32, makes everything but 0 true, and true 1.
 */
export interface Apply {
  readonly kind: 'apply';
  readonly op: Operation;
  readonly type: ScalarType;
  readonly args: readonly Expression[];
}

/**
 * A scalar formula: a tree, or rather a graph, for a node that stands in two places is one value to be computed once.
 */
export type Expression = Input | Constant | Apply;

/** How a target computes expressions: from the values of a node's arguments comes that of the node. */
export interface Lowering<T> {
  constant(node: Constant): T;
  apply(node: Apply, args: readonly T[]): T;
}

/**
 * Lowers an expression to a target, each node once and after its arguments. `T` is whatever stands for a value there: a
 * number, the name of a variable, an instruction, a bound.
 * @example
 * import { formulaOf, type Lowering, lower } from '@wengert/fusion';
 * const text: Lowering<string> = {
 *   constant: ({ value }) => String(value),
 *   apply: ({ op }, args) => `${op}(${args.join(', ')})`,
 * };
 * const relu = formulaOf('relu', ['float32'], 'float32');
 * if (relu !== undefined) console.log(lower(relu.body, ['x'], text)); // select(lessEqual(x, 0), 0, x)
 */
export function lower<T>(expression: Expression, inputs: readonly T[], lowering: Lowering<T>): T {
  const done = new Map<Apply, T>();
  const visit = (node: Expression): T => {
    if (node.kind === 'input') return inputs[node.index];
    if (node.kind === 'constant') return lowering.constant(node);
    let value = done.get(node);
    if (value === undefined) {
      value = lowering.apply(node, node.args.map(visit));
      done.set(node, value);
    }
    return value;
  };
  return visit(expression);
}
