import { mul, scalar, tanh } from '@wengert/core';
import { derivatives } from './derivatives.ts';
import type { Findings } from './findings.ts';

/** y = x * tanh(x) at 0.7. The rule of tanh uses its own output, through which the second derivative must pass. */
export function savedOutput(): Findings<'dy/dx' | 'd²y/dx²'> {
  using x = scalar(0.7);
  const [first, second] = derivatives((t) => mul(t, tanh(t)), x);
  return { 'dy/dx': first, 'd²y/dx²': second };
}
