import { mul, variable } from '@wengert/core';
import { derivatives } from './derivatives.ts';
import type { Findings } from './findings.ts';

/** y = x * x * x at a variable 1. */
export function nestedTapes(): Findings<'dy/dx' | 'd²y/dx²'> {
  using x = variable(1);
  const [first, second] = derivatives(() => mul(mul(x, x), x), x);
  return { 'dy/dx': first, 'd²y/dx²': second };
}
