import { ForwardAccumulator, GradientTape, type Tensor } from '@wengert/core';

/** A function of float tensors with float results. */
export type Mapping = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Jᵀg at `inputs`; null where no output depends on an input. */
export function pullback(f: Mapping, inputs: readonly Tensor[], g: readonly Tensor[]): (Tensor | null)[] {
  using tape = new GradientTape();
  tape.watch(inputs);
  return tape.gradient(f(inputs), [...inputs], { outputGradients: g });
}

/** Jt at `inputs`; null where an output depends on none of them. */
export function pushforward(f: Mapping, inputs: readonly Tensor[], t: readonly Tensor[]): (Tensor | null)[] {
  using forward = new ForwardAccumulator(inputs, t);
  const outputs = f(inputs);
  forward.close();
  return forward.jvp([...outputs]);
}

/**
 * The derivative as a function of its own, of the inputs and then of `count` directions: its derivatives are those of
 * the next order. Only the results that are `connected` count.
 */
export function derivativeOf(
  derivative: typeof pullback,
  f: Mapping,
  count: number,
  connected: readonly boolean[],
): Mapping {
  return (all) => {
    const at = all.length - count;
    const found = derivative(f, all.slice(0, at), all.slice(at));
    return found.filter((x, i): x is Tensor => connected[i] && x !== null);
  };
}
