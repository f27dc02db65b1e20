import { refusedByBinary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { sub } from './arithmetic.ts';
import { equal, lessEqual, logicalAnd } from './comparison.ts';
import { log } from './exponential.ts';
import { type Binary, mul, pointwise } from './pointwise.ts';
import { select } from './where.ts';

/**
 * a to the power of b, element by element. All derivatives at a = 0 are those of the power: 2 for the second one of
 * pow(x, 2), 0 for the third. The derivative by the exponent is 0 at a = 0 <= b, and NaN for negative a.
 * @example
 * pow([2, 3], 2).print(); // [4, 9]
 */
export const pow: Binary = pointwise('pow', {
  saves: [0, 1, 'y'],
  partials: [
    // Further down the derivatives of x^n stands 0 * 0^-1, which is to be 0. The base is replaced, not the exponent: a
    // scalar exponent stays one.
    (a, b) => mul(b, pow(select(a, logicalAnd(equal(a, 0), equal(b, 0)), 1, a), sub(b, 1))),
    (a, b, y) => mul(y, log(select(a, logicalAnd(equal(a, 0), lessEqual(0, b)), 1, a))),
  ],
});

export const powSamples: Samples<typeof pow> = ({ uniform, indices }) => [
  [uniform([2, 3], 0.4, 2), uniform([2, 3], -2, 2)],
  [uniform([2, 1], 0.4, 2), uniform([3], 0.5, 3)],
  [uniform([], 0.4, 2), uniform([2])],
  [uniform([3], 0.4, 2), 2],
  [2, uniform([3])],
  [indices([4], 4), indices([4], 4)],
  [uniform([0, 2], 0.4, 2), uniform([2])],
];

export const powBadSamples: BadSamples<typeof pow> = refusedByBinary('pow');
