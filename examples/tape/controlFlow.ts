import { GradientTape, mul, scalar, type Tensor, tidy } from '@wengert/core';
import type { Findings } from './findings.ts';

/** Multiplies by x once for each i below y with 1 < i < 5. */
function f(x: Tensor, y: number): Tensor {
  let output = scalar(1);
  for (let i = 0; i < y; i++) {
    if (i > 1 && i < 5) output = mul(output, x);
  }
  return output;
}

function derivative(at: number, y: number): number | undefined {
  return tidy(() => {
    const x = scalar(at);
    using tape = new GradientTape();
    tape.watch(x);
    return tape.gradient(f(x, y), x)?.item();
  });
}

/** df/dx at 2 along three paths of a loop with a condition: x³ twice, then x². */
export function controlFlow(): Findings<'y = 6' | 'y = 5' | 'y = 4'> {
  return { 'y = 6': derivative(2, 6), 'y = 5': derivative(2, 5), 'y = 4': derivative(2, 4) };
}
