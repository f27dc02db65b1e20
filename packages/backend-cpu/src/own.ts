import type { DType } from '@wengert/core/functions';

let copies = 0;

/**
 * A copy of a loop, compiled by itself. JavaScript engines collect types per function text, so that one loop that is
 * shared by many formulas calls each of them indirectly, while a loop of a formula's own has it inlined: 3 to 10 times
 * as fast. Where a content security policy forbids it the shared loop serves, with the same results. The loop must
 * refer to nothing but its parameters and globals.
 */
export function own<F extends (...args: never[]) => unknown>(loop: F): F {
  try {
    // Engines keep what they compiled by its text, types included; the number makes the text a new one.
    return new Function(`/* ${copies++} */ return ${loop.toString()}`)() as F;
  } catch {
    return loop;
  }
}

/** A copy of a loop for each dtype, made when it is first used. */
export function perDType<F extends (...args: never[]) => unknown>(loop: F): (dtype: DType) => F {
  const copies: Partial<Record<DType, F>> = {};
  let float32: F | undefined;
  return (dtype) => {
    if (dtype === 'float32') {
      float32 ??= own(loop);
      return float32;
    }
    copies[dtype] ??= own(loop);
    return copies[dtype];
  };
}
