import { ComplexTensor } from '../complexTensor.ts';
import type { TensorLike } from '../convert.ts';
import type { NestedLike } from '../nested.ts';
import { castTo, operands } from '../promote.ts';
import { refusedByBinary, refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { equal, less, matched } from './comparison.ts';
import { type Binary, mul, neg, pointwise, type Unary } from './pointwise.ts';
import { select } from './where.ts';

/**
 * Elementwise difference.
 * @example
 * sub([3, 4], 1).print(); // [2, 3]
 */
export const sub: Binary = pointwise('sub', { partials: [() => 1, () => -1] });

/** The true quotient, in floats. */
export const divOp: Binary = pointwise('div', {
  domain: 'float',
  saves: [1, 'y'],
  partials: [(_a, b) => reciprocal(b), (_a, b, y) => neg(divOp(y, b))],
});

/**
 * Elementwise quotient. As in tfjs, two int32 give int32, rounded down as by `floorDiv`.
 * @example
 * div([3, 5], 2).print(); // [1.5, 2.5]
 */
export function div(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('div', a, b);
  return x.dtype === 'int32' ? floorDiv(x, y) : divOp(x, y);
}

/**
 * Elementwise quotient, 0 where the divisor is 0; so are its derivatives there.
 * @example
 * divNoNan([1, 2], [0, 4]).print(); // [0, 0.5]
 */
export function divNoNan(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('divNoNan', a, b);
  const zero = equal(y, 0);
  return select(x, zero, 0, div(x, select(y, zero, 1, y)));
}

/**
 * Elementwise quotient, rounded down. Its derivative is 0.
 * @example
 * floorDiv([7, -7], 2).print(); // [3, -4]
 */
export const floorDiv: Binary = pointwise('floorDiv', { partials: [() => 0, () => 0] });

/**
 * Elementwise remainder a - b * floor(a / b), which has the sign of the divisor.
 * @example
 * mod([7, -7], 4).print(); // [3, 1]
 */
export const mod: Binary = pointwise('mod', {
  saves: [0, 1],
  partials: [() => 1, (a, b) => neg(floorDiv(a, b))],
});

/**
 * The length of the vector (a, b), element by element, without overflow on the way. Its derivatives at the origin are 0.
 * @example
 * hypot([3, 5], [4, 12]).print(); // [5, 13]
 */
export const hypot: Binary = pointwise('hypot', {
  domain: 'float',
  saves: [0, 1, 'y'],
  partials: [(a, _b, y) => direction(a, y), (_a, b, y) => direction(b, y)],
});

/** a / y, but 0 at the origin, and constant there, so that later derivatives are 0 too. */
function direction(a: Tensor, y: Tensor): Tensor {
  const origin = equal(y, 0);
  return divOp(select(y, origin, 0, a), select(y, origin, 1, y));
}

/**
 * The larger of two elements, NaN if either is; bools are counted as int32. Equals share the gradient, half and half.
 * @example
 * maximum([1, 5], 3).print(); // [3, 5]
 */
export const maximum: Binary = pointwise('maximum', {
  domain: 'number',
  saves: [0, 1],
  partials: [(a, b) => chosen(a, b, less(b, a)), (a, b) => chosen(a, b, less(a, b))],
});

/**
 * The smaller of two elements, NaN if either is; bools are counted as int32. Equals share the gradient, half and half.
 * @example
 * minimum([1, 5], 3).print(); // [1, 3]
 */
export const minimum: Binary = pointwise('minimum', {
  domain: 'number',
  saves: [0, 1],
  partials: [(a, b) => chosen(a, b, less(a, b)), (a, b) => chosen(a, b, less(b, a))],
});

/** 1 where the operand wins, 1/2 where they are equal, 0 elsewhere. */
function chosen(a: Tensor, b: Tensor, wins: Tensor): Tensor {
  return select(a, equal(a, b), 0.5, castTo(wins, a.dtype));
}

export const absOp: Unary = pointwise('abs', { saves: [0], partials: [(x) => sign(x)] });

/**
 * Absolute value, also of complex numbers. Its derivative at 0 is 0.
 * @example
 * abs([-1, 2]).print(); // [1, 2]
 * abs(complex([3], [4])).print(); // [5]
 */
export function abs<T extends Tensor = Tensor>(x: T | NestedLike | ComplexTensor): T {
  return x instanceof ComplexTensor ? hypot(x.re, x.im) : absOp<T>(x);
}

/**
 * -1, 0 or 1 for negative, zero and positive elements. Its derivative is 0.
 * @example
 * sign([-3, 0, 2]).print(); // [-1, 0, 1]
 */
export const sign: Unary = pointwise('sign', { partials: [() => 0] });

/**
 * 1 / x, element by element.
 * @example
 * reciprocal([2, -4]).print(); // [0.5, -0.25]
 */
export const reciprocal: Unary = pointwise('reciprocal', {
  domain: 'float',
  saves: ['y'],
  partials: [(_x, y) => neg(square(y))],
});

/**
 * x * x, element by element.
 * @example
 * square([2, -3]).print(); // [4, 9]
 */
export function square(x: TensorLike): SameRank {
  const [tensor] = operands('square', [x]);
  return mul(tensor, tensor);
}

/**
 * (a - b)², element by element.
 * @example
 * squaredDifference([1, 5], 3).print(); // [4, 4]
 */
export function squaredDifference(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = matched('squaredDifference', a, b);
  return square(sub(x, y));
}

const pairSamples: Samples<Binary> = ({ uniform, indices }) => [
  [uniform([2, 3]), uniform([2, 3])],
  [uniform([2, 1]), uniform([1, 3])],
  [uniform([]), uniform([2])],
  [uniform([2]), 1.5],
  [indices([3], 9), indices([3], 9)],
  [uniform([0, 2]), uniform([2])],
];

const quotientSamples: Samples<Binary> = ({ uniform, awayFromZero, exactly, indices }) => [
  [uniform([2, 3]), awayFromZero([2, 3], 0.4)],
  [uniform([2, 1]), awayFromZero([3], 0.4)],
  [1, awayFromZero([2], 0.4)],
  [awayFromZero([], 0.4), uniform([3], 1, 2)],
  [exactly([7, -7, 7, -7]), exactly([2, 2, -2, -2])],
  [indices([4], 9), Int32Array.of(2, 3, 4, 5)],
  [uniform([0, 2]), awayFromZero([2], 0.4)],
];

// a / b stays between 2.2 and 2.8, or between -2.8 and -2.2: no jump is near.
const steppedSamples: Samples<Binary> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3], 2.3, 2.7), uniform([2, 3], 0.97, 1.03)],
  [uniform([2, 1], -2.7, -2.3), uniform([3], 0.97, 1.03)],
  [uniform([], -2.7, -2.3), uniform([2], -1.03, -0.97)],
  [exactly([7, -7, 7, -7]), exactly([2.1, 2.1, -2.1, -2.1])],
  [indices([4], 9), exactly([2.1, 3.1, 4.1, 5.1])],
  [uniform([0, 2]), 2],
];

const untiedSamples: Samples<Binary> = ({ uniform, awayFromZero, indices, bools }) => [
  [bools([4]), bools([4])],
  [uniform([2, 3]), uniform([2, 3], 1.1, 2)],
  [uniform([2, 1], 1.1, 2), uniform([3])],
  [awayFromZero([4]), 0],
  [uniform([]), uniform([2], -3, -1.1)],
  [indices([5], 3), indices([5], 3)],
  [uniform([0, 2]), uniform([2])],
];

const kinkedSamples: Samples<Unary> = ({ uniform, awayFromZero, indices }) => [
  [awayFromZero([2, 3])],
  [indices([4], 5)],
  [uniform([0])],
  [awayFromZero([])],
];

export const hypotSamples: Samples<typeof hypot> = ({ uniform, awayFromZero }) => [
  [awayFromZero([2, 3]), uniform([2, 3])],
  [awayFromZero([2, 1]), uniform([3])],
  [uniform([0]), 1],
  [awayFromZero([]), uniform([])],
];

export const subSamples: Samples<typeof sub> = pairSamples;
export const divSamples: Samples<typeof div> = quotientSamples;
export const divNoNanSamples: Samples<typeof divNoNan> = (generator) => [
  ...quotientSamples(generator),
  [generator.uniform([3]), 0],
];
export const floorDivSamples: Samples<typeof floorDiv> = steppedSamples;
export const modSamples: Samples<typeof mod> = steppedSamples;
export const maximumSamples: Samples<typeof maximum> = untiedSamples;
export const minimumSamples: Samples<typeof minimum> = untiedSamples;
export const squaredDifferenceSamples: Samples<typeof squaredDifference> = pairSamples;
export const signSamples: Samples<typeof sign> = kinkedSamples;
export const squareSamples: Samples<typeof square> = kinkedSamples;

export const absSamples: Samples<typeof abs> = (generator) => [
  ...kinkedSamples(generator),
  [new ComplexTensor(generator.awayFromZero([2, 3]), generator.awayFromZero([2, 3]))],
];

export const reciprocalSamples: Samples<typeof reciprocal> = ({ uniform, awayFromZero }) => [
  [awayFromZero([2, 3], 0.4)],
  [uniform([0])],
  [awayFromZero([], 0.4)],
];

export const subBadSamples: BadSamples<typeof sub> = refusedByBinary('sub');
export const divBadSamples: BadSamples<typeof div> = refusedByBinary('div');
export const divNoNanBadSamples: BadSamples<typeof divNoNan> = refusedByBinary('divNoNan');
export const floorDivBadSamples: BadSamples<typeof floorDiv> = refusedByBinary('floorDiv');
export const modBadSamples: BadSamples<typeof mod> = refusedByBinary('mod');
export const hypotBadSamples: BadSamples<typeof hypot> = refusedByBinary('hypot');
export const maximumBadSamples: BadSamples<typeof maximum> = refusedByBinary('maximum');
export const minimumBadSamples: BadSamples<typeof minimum> = refusedByBinary('minimum');
export const squaredDifferenceBadSamples: BadSamples<typeof squaredDifference> = refusedByBinary('squaredDifference');
export const absBadSamples: BadSamples<typeof abs> = refusedByUnary('abs');
export const signBadSamples: BadSamples<typeof sign> = refusedByUnary('sign');
export const squareBadSamples: BadSamples<typeof square> = refusedByUnary('square');
export const reciprocalBadSamples: BadSamples<typeof reciprocal> = refusedByUnary('reciprocal');
