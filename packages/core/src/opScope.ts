import { alias } from './dispatch.ts';
import { isScopedSince, scopedHandles, withScope } from './scope.ts';
import { Tensor } from './tensor.ts';
import { tensorsIn } from './tree.ts';

/**
 * `f`, freeing the temporaries that it makes (converted arguments, steps on the way) while its result stays. All public
 * ops that are more than one step are wrapped so.
 */
/* @__NO_SIDE_EFFECTS__ */
export function scoped<P extends readonly unknown[], R>(f: (...args: P) => R): (...args: P) => R {
  return (...args) =>
    withScope(
      () => {
        const start = scopedHandles();
        return newSince(start, f(...args));
      },
      tensorsIn,
      true,
    );
}

/** The result is the caller's to dispose: where it is a tensor that was given, another handle of it. */
function newSince<R>(start: number, result: R): R {
  return result instanceof Tensor && !isScopedSince(start, result) ? (alias(result) as R & Tensor) : result;
}
