import { type Block, type Output, sameShape, stridesOf } from '@wengert/core/functions';
import { type CpuStorage, make, storageOf } from '../storage.ts';
import { broadcastStrides, collapse, type Nest } from '../strides.ts';

/** The storage of an input that a pointwise result may be written into: of its shape and dtype, needed by nobody else. */
export function reusableFor(inputs: readonly Block[], out: Output): CpuStorage | null {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (!input.exclusive || input.dtype !== out.dtype || !sameShape(input.shape, out.shape)) continue;
    const storage = storageOf(input);
    if (!out.scoped) storage.promote();
    return storage;
  }
  return null;
}

/** The storage for a pointwise result. */
export function target(inputs: readonly Block[], out: Output): CpuStorage {
  return reusableFor(inputs, out) ?? make(out);
}

/** Loops over the output (first) and the inputs, of which the callee runs at least the `inner` last itself. */
export function plan(inputs: readonly Block[], out: Output, inner: number): Nest {
  const strides = [stridesOf(out.shape)];
  for (const { shape } of inputs) strides.push(broadcastStrides(shape, out.shape));
  return collapse(out.shape, strides, inner);
}
