import { composite } from '../op/composite.ts';
import { NO_ATTRS, type NoAttrs, type OpFunction } from '../op/op.ts';
import { refusedByBinary, refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { Tensor } from '../tensor.ts';
import { divOp, reciprocal, square, sub } from './arithmetic.ts';
import { rsqrt } from './exponential.ts';
import { add, type Binary, mul, neg, pointwise, type Unary } from './pointwise.ts';

/**
 * Sine of angles in radians.
 * @example
 * sin([0, Math.PI / 2]).print(); // [0, 1]
 */
export const sin: Unary = pointwise('sin', { domain: 'float', saves: [0], partials: [(x) => cos(x)] });

/**
 * Cosine of angles in radians.
 * @example
 * cos([0, Math.PI]).print(); // [1, -1]
 */
export const cos: Unary = pointwise('cos', { domain: 'float', saves: [0], partials: [(x) => neg(sin(x))] });

/**
 * Tangent of angles in radians.
 * @example
 * tan([0, 1]).print(); // [0, 1.557408]
 */
export const tan: Unary = pointwise('tan', { domain: 'float', saves: ['y'], partials: [(_x, y) => add(square(y), 1)] });

/**
 * Inverse sine in radians, NaN outside [-1, 1].
 * @example
 * asin([0, 1]).print(); // [0, 1.570796]
 */
export const asin: Unary = pointwise('asin', {
  domain: 'float',
  saves: [0],
  partials: [(x) => rsqrt(sub(1, square(x)))],
});

/**
 * Inverse cosine in radians, NaN outside [-1, 1].
 * @example
 * acos([1, 0]).print(); // [0, 1.570796]
 */
export const acos: Unary = pointwise('acos', {
  domain: 'float',
  saves: [0],
  partials: [(x) => neg(rsqrt(sub(1, square(x))))],
});

/**
 * Inverse tangent in radians.
 * @example
 * atan([0, 1]).print(); // [0, 0.7853982]
 */
export const atan: Unary = pointwise('atan', {
  domain: 'float',
  saves: [0],
  partials: [(x) => reciprocal(add(square(x), 1))],
});

/**
 * Hyperbolic sine.
 * @example
 * sinh([0, 1]).print(); // [0, 1.175201]
 */
export const sinh: Unary = pointwise('sinh', { domain: 'float', saves: [0], partials: [(x) => cosh(x)] });

/**
 * Hyperbolic cosine.
 * @example
 * cosh([0, 1]).print(); // [1, 1.543081]
 */
export const cosh: Unary = pointwise('cosh', { domain: 'float', saves: [0], partials: [(x) => sinh(x)] });

/** The product of g with the derivative of tanh, by its value y: g (1 - y²). */
export const tanhGradOp: OpFunction<readonly [g: Tensor, y: Tensor], NoAttrs, Tensor> = composite('tanhGrad', {
  infer: ([g]) => g,
  compose: ([g, y]) => mul(g, sub(1, square(y))),
});

/**
 * Hyperbolic tangent.
 * @example
 * tanh([0, 1]).print(); // [0, 0.7615942]
 */
export const tanh: Unary = pointwise('tanh', {
  domain: 'float',
  saves: ['y'],
  partials: [(_x, y) => sub(1, square(y))],
  product: (g, _x, y) => tanhGradOp([g, y], NO_ATTRS),
});

/**
 * Inverse hyperbolic sine.
 * @example
 * asinh([0, 1]).print(); // [0, 0.8813736]
 */
export const asinh: Unary = pointwise('asinh', {
  domain: 'float',
  saves: [0],
  partials: [(x) => rsqrt(add(square(x), 1))],
});

/**
 * Inverse hyperbolic cosine, NaN below 1.
 * @example
 * acosh([1, 2]).print(); // [0, 1.316958]
 */
export const acosh: Unary = pointwise('acosh', {
  domain: 'float',
  saves: [0],
  partials: [(x) => rsqrt(sub(square(x), 1))],
});

/**
 * Inverse hyperbolic tangent, NaN outside [-1, 1].
 * @example
 * atanh([0, 0.5]).print(); // [0, 0.5493061]
 */
export const atanh: Unary = pointwise('atanh', {
  domain: 'float',
  saves: [0],
  partials: [(x) => reciprocal(sub(1, square(x)))],
});

/* @__NO_SIDE_EFFECTS__ */
function between(low: number, high: number): Samples<Unary> {
  return ({ uniform }) => [[uniform([2, 3], low, high)], [uniform([0])], [uniform([], low, high)]];
}

/**
 * The angle of the point (x, y) in (-π, π], element by element; y comes first.
 * @example
 * atan2([0, 1], [1, 0]).print(); // [0, 1.5708]
 */
export const atan2: Binary = pointwise('atan2', {
  domain: 'float',
  saves: [0, 1],
  partials: [(y, x) => divOp(x, add(square(x), square(y))), (y, x) => neg(divOp(y, add(square(x), square(y))))],
});

export const sinSamples: Samples<typeof sin> = between(-3, 3);
export const cosSamples: Samples<typeof cos> = between(-3, 3);
export const tanSamples: Samples<typeof tan> = between(-1.2, 1.2);
export const asinSamples: Samples<typeof asin> = between(-0.8, 0.8);
export const acosSamples: Samples<typeof acos> = between(-0.8, 0.8);
export const atanSamples: Samples<typeof atan> = between(-3, 3);
export const sinhSamples: Samples<typeof sinh> = between(-2, 2);
export const coshSamples: Samples<typeof cosh> = between(-2, 2);
export const tanhSamples: Samples<typeof tanh> = between(-2, 2);
export const asinhSamples: Samples<typeof asinh> = between(-3, 3);
export const acoshSamples: Samples<typeof acosh> = between(1.5, 3);
export const atanhSamples: Samples<typeof atanh> = between(-0.8, 0.8);

export const sinBadSamples: BadSamples<typeof sin> = refusedByUnary('sin');
export const cosBadSamples: BadSamples<typeof cos> = refusedByUnary('cos');
export const tanBadSamples: BadSamples<typeof tan> = refusedByUnary('tan');
export const asinBadSamples: BadSamples<typeof asin> = refusedByUnary('asin');
export const acosBadSamples: BadSamples<typeof acos> = refusedByUnary('acos');
export const atanBadSamples: BadSamples<typeof atan> = refusedByUnary('atan');
export const sinhBadSamples: BadSamples<typeof sinh> = refusedByUnary('sinh');
export const coshBadSamples: BadSamples<typeof cosh> = refusedByUnary('cosh');
export const tanhBadSamples: BadSamples<typeof tanh> = refusedByUnary('tanh');
export const asinhBadSamples: BadSamples<typeof asinh> = refusedByUnary('asinh');
export const acoshBadSamples: BadSamples<typeof acosh> = refusedByUnary('acosh');
export const atanhBadSamples: BadSamples<typeof atanh> = refusedByUnary('atanh');

export const atan2Samples: Samples<typeof atan2> = ({ uniform, awayFromZero }) => [
  [awayFromZero([2, 3], 0.4), awayFromZero([2, 3], 0.4)],
  [awayFromZero([2, 1], 0.4), awayFromZero([3], 0.4)],
  [awayFromZero([], 0.4), 1],
  [uniform([0, 2]), uniform([2])],
];

export const atan2BadSamples: BadSamples<typeof atan2> = refusedByBinary('atan2');
