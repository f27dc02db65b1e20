import { type TensorLike, toTensor } from './convert.ts';
import { platform } from './platform.ts';
import { withScope } from './scope.ts';

/**
 * Lets the browser draw, or another program run: a promise for the next frame.
 * @example
 * await nextFrame();
 */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (platform.requestAnimationFrame) platform.requestAnimationFrame(() => resolve());
    else platform.setTimeout(resolve, 0);
  });
}

/**
 * Writes a tensor's values to the console; with `verbose` its dtype and shape too.
 * @example
 * print([1, 2]); // [1, 2]
 */
export function print(x: TensorLike, verbose = false): void {
  withScope(
    () => toTensor('print', x).print(verbose),
    () => [],
  );
}
