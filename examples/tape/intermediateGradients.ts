import { GradientTape, mul, ones, sum, tidy } from '@wengert/core';
import type { Findings } from './findings.ts';

/** z = y * y with y = sum(x): the gradient reaches the watched x and the intermediate y alike. */
export function intermediateGradients(): Findings<'dz/dx' | 'dz/dy'> {
  return tidy(() => {
    const x = ones([2, 2]);
    using tape = new GradientTape();
    tape.watch(x);
    const y = sum(x);
    const z = mul(y, y);
    const [byX, byY] = tape.gradient(z, [x, y]);
    return { 'dz/dx': byX?.arraySync(), 'dz/dy': byY?.item() };
  });
}
