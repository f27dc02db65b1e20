import { type Block, isFloating, type Output, type Spec, sizeOf } from '@wengert/core';
import type { Bounded, Exact } from './exactArithmetic.ts';
import { growth, type Tolerance, UNIT_ROUNDOFF } from './tolerance.ts';

/** An op on values with error bounds. */
export type BoundedKernel = (
  exact: Exact,
  inputs: readonly Bounded[],
  attrs: unknown,
  outputs: readonly Output[],
) => Bounded[];

/** How errors pass through an op, by what the op is in its float inputs. */
export type Passage = (op: string, tolerance: Tolerance) => BoundedKernel;

export const isFloat = ({ dtype }: Spec): boolean => isFloating(dtype);

export function unitsOf(tolerance: Tolerance, { dtype }: Spec): number {
  return isFloating(dtype) ? tolerance[dtype === 'float32' ? 'float32' : 'float64'] * UNIT_ROUNDOFF[dtype] : 0;
}

export function mapped(exact: Exact, block: Block, f: (x: number, i: number) => number): Block {
  return isFloat(block) ? exact.write(exact.floats(block).map(f), block) : block;
}

export function total(exact: Exact, spec: Spec, terms: readonly Block[]): Block | null {
  if (terms.length < 2) return terms[0] ?? null;
  const lists = terms.map(exact.read);
  return exact.write(
    new Float64Array(sizeOf(spec.shape)).map((_, i) => lists.reduce((sum, list) => sum + list[i], 0)),
    spec,
  );
}

export const magnitude = (exact: Exact, { value }: Bounded): Block => mapped(exact, value, Math.abs);
export const ones = (exact: Exact, { value }: Bounded): Block => mapped(exact, value, () => 1);
export const errorOf = (exact: Exact, { value, error }: Bounded): Block => error ?? mapped(exact, value, () => 0);

export function replaced<T>(list: readonly T[], at: number, x: T): T[] {
  return list.map((old, i) => (i === at ? x : old));
}

/** The error of the op's own roundings in a sum of terms, from the sum of their absolute values and their number. */
export function accumulated(exact: Exact, units: number, out: Spec, sum: Block, count: Block, extra: number): Block {
  const counts = exact.read(count);
  return mapped(exact, { ...sum, ...out, dtype: 'float64' }, (s, i) =>
    s === 0 ? 0 : units * (growth(counts[i]) + extra) * s,
  );
}

/** Leaving the domain on one side says nothing. */
export function deviation(from: number, to: number): number {
  return Number.isNaN(to) || from === to ? 0 : Math.abs(to - from);
}
