import { GradientTape, type Tensor, tidy } from '@wengert/core';

/** The first and second derivative of `f` at `x`, a variable or a tensor, by one tape inside another. */
export function derivatives(
  f: (x: Tensor) => Tensor,
  x: Tensor,
): [first: number | undefined, second: number | undefined] {
  return tidy(() => {
    using outer = new GradientTape();
    using inner = new GradientTape();
    outer.watch(x);
    inner.watch(x);
    const y = f(x);
    const first = inner.gradient(y, x);
    outer.close();
    return [first?.item(), first === null ? undefined : outer.gradient(first, x)?.item()];
  });
}
