import { ArgumentError } from '../errors.ts';
import { platform } from '../platform.ts';

/**
 * `x`, or the bound that it lies beyond.
 * @example
 * console.log(util.clamp(0, 7, 5)); // 5
 */
export function clamp(min: number, x: number, max: number): number {
  return Math.max(min, Math.min(x, max));
}

/** The number itself if it is even, else the next one. */
export function nearestLargerEven(value: number): number {
  return value % 2 === 0 ? value : value + 1;
}

/** The smallest divisor of `size` that is at least `start`. */
export function nearestDivisor(size: number, start: number): number {
  for (let i = start; i < size; i++) if (size % i === 0) return i;
  return size;
}

/** The sum of an array. */
export function sum(arr: readonly number[]): number {
  return arr.reduce((total, value) => total + value, 0);
}

/** The squared distance of two vectors. */
export function distSquared(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((total, value, i) => total + (value - b[i]) ** 2, 0);
}

export function tanh(x: number): number {
  return Math.tanh(x);
}

/** Text filled up with blanks to that length. */
export function rightPad(a: string, size: number): string {
  return a.padEnd(size);
}

/**
 * Milliseconds since some fixed moment.
 * @example
 * console.log(util.now() <= util.now()); // true
 */
export function now(): number {
  return platform.performance.now();
}

/** Asks `checkFn` again and again, `delayFn(n)` ms after the nth no, until it says yes; at most `maxCounter` times. */
export async function repeatedTry(
  checkFn: () => boolean,
  delayFn: (counter: number) => number = () => 0,
  maxCounter: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (let tries = 0; !checkFn(); tries++) {
    if (tries + 1 >= maxCounter) throw new ArgumentError(`repeatedTry: gave up after ${tries + 1} tries`);
    await new Promise<void>((resolve) => {
      platform.setTimeout(resolve, delayFn(tries + 1));
    });
  }
}
