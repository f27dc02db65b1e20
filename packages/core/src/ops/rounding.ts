import { refusedByUnary } from '../samplePatterns.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { pointwise, type Unary } from './pointwise.ts';

// Steps: their derivative is zero wherever it exists, and taken to be zero elsewhere.

/**
 * The largest integer that is not above each element. Its derivative is 0.
 * @example
 * floor([1.7, -1.2]).print(); // [1, -2]
 */
export const floor: Unary = pointwise('floor', { partials: [() => 0] });

/**
 * The smallest integer that is not below each element. Its derivative is 0.
 * @example
 * ceil([1.2, -1.7]).print(); // [2, -1]
 */
export const ceil: Unary = pointwise('ceil', { partials: [() => 0] });

/**
 * The nearest integer to each element; halves go to the even one. Its derivative is 0.
 * @example
 * round([0.5, 1.5, -2.4]).print(); // [0, 2, -2]
 */
export const round: Unary = pointwise('round', { partials: [() => 0] });

// Halves are out of reach of the differences, and no integer is near.
const samples: Samples<Unary> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3], 1.1, 1.4)],
  [uniform([4], -2.9, -2.6)],
  [exactly([2.2, -2.2, 7.75, -7.75])],
  [indices([3], 5)],
  [uniform([0])],
  [uniform([], 0.1, 0.4)],
];

export const floorSamples: Samples<typeof floor> = samples;
export const ceilSamples: Samples<typeof ceil> = samples;
export const roundSamples: Samples<typeof round> = samples;

export const floorBadSamples: BadSamples<typeof floor> = refusedByUnary('floor');
export const ceilBadSamples: BadSamples<typeof ceil> = refusedByUnary('ceil');
export const roundBadSamples: BadSamples<typeof round> = refusedByUnary('round');
