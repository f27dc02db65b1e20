import { GradientTape, prod, tensor1d, tidy } from '@wengert/core';
import type { Findings } from './findings.ts';

/** The product of [2, 0, 3, 0, 5]: no first derivative is left, but one second derivative, for the pair of zeros. */
export function productWithZeros(): Findings<'y' | 'dy/dx' | 'd²y/dx²'> {
  return tidy(() => {
    const x = tensor1d([2, 0, 3, 0, 5]);
    using outer = new GradientTape();
    using inner = new GradientTape();
    outer.watch(x);
    inner.watch(x);
    const y = prod(x);
    const gradient = inner.gradient(y, x);
    outer.close();
    const hessian = gradient === null ? null : outer.jacobian(gradient, x);
    return { y: y.item(), 'dy/dx': gradient?.arraySync(), 'd²y/dx²': hessian?.arraySync() };
  });
}
