import { parts } from '../../threads/tasks.ts';
import { heapView, loopFor, scratch } from '../access.ts';
import { sumOfFloats } from './folds.ts';
import { acrossRows } from './reductionLoop.ts';

const BYTES = 4;

/**
 * Stores sums of so many floats each. `add` adds up, in float, what at most so many of `rows` give; the sum of that goes
 * on in double. Whole vectors may be added at the ends too.
 */
export function sumOfBlocks(
  outputs: readonly number[],
  length: number,
  rows: number,
  most: number,
  add: (from: number, count: number, to: readonly number[]) => void,
): void {
  const apart = Math.ceil(length / 4) * 4;
  const all = outputs.length * apart;
  const [some, total] = [scratch(all * BYTES), scratch(2 * all * BYTES)];
  const places = outputs.map((_, i) => some + i * apart * BYTES);
  const sum = loopFor('sumOfBlocks', () => acrossRows(sumOfFloats));
  heapView('float64', total, all).fill(0);
  for (const [from, count] of parts(rows, Math.ceil(rows / most), 1)) {
    heapView('float32', some, all).fill(0);
    add(from, count, places);
    sum(total, some, 0, 1, all);
  }
  for (const [i, output] of outputs.entries()) {
    heapView('float32', output, length).set(heapView('float64', total + 2 * (places[i] - some), length));
  }
}
