import { randomStream } from '../create/random.ts';
import { ArgumentError } from '../errors.ts';

/** Anything with numbered elements that can be exchanged. */
export interface Exchangeable {
  readonly length: number;
  [index: number]: unknown;
}

/** Exchanges two elements in place. */
export function swap(object: Exchangeable, left: number, right: number): void {
  const held = object[left];
  object[left] = object[right];
  object[right] = held;
}

/**
 * Brings the elements of an array into random order, in place; reproducible after `setSeed`.
 * @example
 * const a = [1, 2, 3];
 * util.shuffle(a);
 * console.log(a.sort()); // [1, 2, 3]
 */
export function shuffle(array: Exchangeable): void {
  shuffleTogether([array]);
}

/**
 * Brings two arrays of one length into the same random order, in place.
 * @example
 * const [a, b] = [[1, 2, 3], [10, 20, 30]];
 * util.shuffleCombo(a, b);
 * console.log(a.every((x, i) => b[i] === 10 * x)); // true
 */
export function shuffleCombo(array: Exchangeable, array2: Exchangeable): void {
  if (array.length !== array2.length) {
    throw new ArgumentError(`shuffleCombo: the arrays have ${array.length} and ${array2.length} elements`);
  }
  shuffleTogether([array, array2]);
}

/** Fisher and Yates's shuffle. */
function shuffleTogether(arrays: readonly Exchangeable[]): void {
  const stream = randomStream('shuffle', undefined);
  for (let i = arrays[0].length - 1; i > 0; i--) {
    const other = stream.integer(i + 1);
    for (const array of arrays) swap(array, i, other);
  }
}

/**
 * 0, 1, ... `n` - 1 in random order.
 * @example
 * console.log(util.createShuffledIndices(3).sort()); // Uint32Array(3) [0, 1, 2]
 */
export function createShuffledIndices(n: number): Uint32Array {
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  shuffle(indices);
  return indices;
}

/** One random number, uniform between `a` and `b`. */
export function randUniform(a: number, b: number): number {
  return a + (b - a) * randomStream('randUniform', undefined).uniform();
}
