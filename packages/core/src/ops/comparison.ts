import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { type Domain, floatOperand, operands } from '../promote.ts';
import { refusedByBinary, refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { broadcastShapes, sameShape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { add, type Binary, mul, pointwise, type Unary } from './pointwise.ts';

// Where an argument is NaN every comparison is false, but notEqual, which is true.

/**
 * Whether a < b, element by element.
 * @example
 * less([1, 2, 3], 2).print(); // [true, false, false]
 */
export const less: Binary = pointwise('less', { partials: [null, null], predicate: true });

/**
 * Whether a <= b, element by element.
 * @example
 * lessEqual([1, 2, 3], 2).print(); // [true, true, false]
 */
export const lessEqual: Binary = pointwise('lessEqual', { partials: [null, null], predicate: true });

/**
 * Whether a = b, element by element.
 * @example
 * equal([1, 2, 3], 2).print(); // [false, true, false]
 */
export const equal: Binary = pointwise('equal', { partials: [null, null], predicate: true });

/**
 * The negation of bools, element by element.
 * @example
 * logicalNot([true, false]).print(); // [false, true]
 */
export const logicalNot: Unary = pointwise('logicalNot', { partials: [null], domain: 'bool', predicate: true });

/** Two operands of one dtype, which broadcast: for functions whose errors shall not name the op that they are made of. */
export function matched(op: string, a: TensorLike, b: TensorLike, domain?: Domain): [Tensor, Tensor] {
  const [x, y] = operands(op, [a, b], domain);
  broadcastShapes(op, x.shape, y.shape);
  return [x, y];
}

/** As `matched`, for a parameter of `x` that may not enlarge it. */
export function fitting(op: string, x: TensorLike, parameter: TensorLike, domain?: Domain): [Tensor, Tensor] {
  const [a, b] = matched(op, x, parameter, domain);
  if (!sameShape(broadcastShapes(op, a.shape, b.shape), a.shape)) {
    throw new ShapeError(`${op}: a parameter of shape ${showShape(b.shape)} is larger than ${showShape(a.shape)}`);
  }
  return [a, b];
}

/**
 * Whether a > b, element by element.
 * @example
 * greater([1, 2, 3], 2).print(); // [false, false, true]
 */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('greater', a, b);
  return less(y, x);
}

/**
 * Whether a >= b, element by element.
 * @example
 * greaterEqual([1, 2, 3], 2).print(); // [false, true, true]
 */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('greaterEqual', a, b);
  return lessEqual(y, x);
}

/**
 * Whether a and b differ, element by element; NaN differs from everything.
 * @example
 * notEqual([1, 2, 3], 2).print(); // [true, false, true]
 */
export function notEqual(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('notEqual', a, b);
  return logicalNot(equal(x, y));
}

/**
 * Whether both bools are true.
 * @example
 * logicalAnd([true, true, false], [true, false, false]).print(); // [true, false, false]
 */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('logicalAnd', a, b, 'bool');
  return mul(x, y);
}

/**
 * Whether at least one of two bools is true.
 * @example
 * logicalOr([true, true, false], [true, false, false]).print(); // [true, true, false]
 */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('logicalOr', a, b, 'bool');
  return add(x, y);
}

/**
 * Whether exactly one of two bools is true.
 * @example
 * logicalXor([true, true, false], [true, false, false]).print(); // [false, true, false]
 */
export function logicalXor(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('logicalXor', a, b, 'bool');
  return notEqual(x, y);
}

/**
 * Whether elements are NaN.
 * @example
 * isNaN([1, NaN, Infinity]).print(); // [false, true, false]
 */
export function isNaN(x: TensorLike): SameRank {
  const tensor = floatOperand('isNaN', x);
  return notEqual(tensor, tensor);
}

/**
 * Whether elements are Infinity or -Infinity.
 * @example
 * isInf([1, NaN, -Infinity]).print(); // [false, false, true]
 */
export function isInf(x: TensorLike): SameRank {
  const tensor = floatOperand('isInf', x);
  return logicalOr(equal(tensor, Infinity), equal(tensor, -Infinity));
}

/**
 * Whether elements are neither NaN nor infinite.
 * @example
 * isFinite([1, NaN, Infinity]).print(); // [true, false, false]
 */
export function isFinite(x: TensorLike): SameRank {
  const tensor = floatOperand('isFinite', x);
  return logicalAnd(less(tensor, Infinity), less(-Infinity, tensor));
}

const comparisonSamples: Samples<Binary> = ({ uniform, indices, bools, exactly }) => [
  [uniform([2, 3]), uniform([2, 3])],
  [uniform([2, 1]), uniform([3])],
  [indices([4, 3], 2), indices([3], 2)],
  [bools([6]), bools([6])],
  [exactly([1, NaN, Infinity, -Infinity, -0, 2]), exactly([1, NaN, Infinity, Infinity, 0, NaN])],
  [uniform([0, 2]), 0.5],
  [uniform([]), uniform([])],
];

const logicalSamples: Samples<Binary> = ({ bools }) => [
  [bools([2, 3, 4]), bools([2, 3, 4])],
  [bools([2, 1]), bools([3])],
  [bools([0]), bools([])],
  [bools([5]), true],
];

const predicateSamples: Samples<Unary> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3])],
  [exactly([1, NaN, Infinity, -Infinity, 0, -0])],
  [indices([3], 2)],
  [uniform([0])],
  [uniform([])],
];

export const lessSamples: Samples<typeof less> = comparisonSamples;
export const lessEqualSamples: Samples<typeof lessEqual> = comparisonSamples;
export const equalSamples: Samples<typeof equal> = comparisonSamples;
export const greaterSamples: Samples<typeof greater> = comparisonSamples;
export const greaterEqualSamples: Samples<typeof greaterEqual> = comparisonSamples;
export const notEqualSamples: Samples<typeof notEqual> = comparisonSamples;
export const logicalAndSamples: Samples<typeof logicalAnd> = logicalSamples;
export const logicalOrSamples: Samples<typeof logicalOr> = logicalSamples;
export const logicalXorSamples: Samples<typeof logicalXor> = logicalSamples;
export const isNaNSamples: Samples<typeof isNaN> = predicateSamples;
export const isInfSamples: Samples<typeof isInf> = predicateSamples;
export const isFiniteSamples: Samples<typeof isFinite> = predicateSamples;

export const logicalNotSamples: Samples<typeof logicalNot> = ({ bools }) => [
  [bools([2, 3])],
  [bools([0])],
  [bools([])],
];

/* @__NO_SIDE_EFFECTS__ */
function notBools(op: string): BadSamples<Binary> {
  return ({ uniform, bools }) => [
    { args: [bools([2]), uniform([2])], error: 'DTypeError', names: [op, 'bool'] },
    { args: [bools([2, 3]), bools([2])], error: 'ShapeError', names: [op, '[2,3]', '[2]'] },
  ];
}

export const isNaNBadSamples: BadSamples<typeof isNaN> = refusedByUnary('isNaN');
export const isInfBadSamples: BadSamples<typeof isInf> = refusedByUnary('isInf');
export const isFiniteBadSamples: BadSamples<typeof isFinite> = refusedByUnary('isFinite');
export const lessBadSamples: BadSamples<typeof less> = refusedByBinary('less');
export const lessEqualBadSamples: BadSamples<typeof lessEqual> = refusedByBinary('lessEqual');
export const equalBadSamples: BadSamples<typeof equal> = refusedByBinary('equal');
export const greaterBadSamples: BadSamples<typeof greater> = refusedByBinary('greater');
export const greaterEqualBadSamples: BadSamples<typeof greaterEqual> = refusedByBinary('greaterEqual');
export const notEqualBadSamples: BadSamples<typeof notEqual> = refusedByBinary('notEqual');
export const logicalAndBadSamples: BadSamples<typeof logicalAnd> = notBools('logicalAnd');
export const logicalOrBadSamples: BadSamples<typeof logicalOr> = notBools('logicalOr');
export const logicalXorBadSamples: BadSamples<typeof logicalXor> = notBools('logicalXor');

export const logicalNotBadSamples: BadSamples<typeof logicalNot> = ({ uniform, wrong }) => [
  { args: [uniform([2])], error: 'DTypeError', names: ['logicalNot', 'bool'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['logicalNot', 'null'] },
];
