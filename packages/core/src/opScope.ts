import { withScope } from './scope.ts';
import { tensorsIn } from './tree.ts';

/**
 * `f`, freeing the temporaries that it makes (converted arguments, steps on the way) while its result stays. All public
 * ops that are more than one step are wrapped so.
 */
/* @__NO_SIDE_EFFECTS__ */
export function scoped<P extends readonly unknown[], R>(f: (...args: P) => R): (...args: P) => R {
  return (...args) => withScope(() => f(...args), tensorsIn, true);
}
