import { type TensorLike, toTensor } from '../convert.ts';
import { alias } from '../dispatch.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { describe } from '../nested.ts';
import { Follower } from '../pushforward.ts';
import { Tensor } from '../tensor.ts';
import { leavesOf, rebuild, type Tree } from '../tree.ts';

/** A tensor, a host value, or a tree of tensors. */
export type Argument = TensorLike | Tree;

/** A function of tensors, or of trees of them. */
export type TensorFunction<R> = (...args: never[]) => R;

/**
 * Fresh aliases of the arguments' tensors: a transform follows these, so that nested transforms of the same tensor do
 * not mix up their perturbations.
 */
export function freshArguments(op: string, args: readonly unknown[]): { args: unknown[]; leaves: Tensor[] } {
  if (!Array.isArray(args)) throw new ArgumentError(`${op}: give the primals in an array, [x], not ${describe(args)}`);
  const leaves: Tensor[] = [];
  const fresh = args.map((arg) => {
    const tree = isTree(arg) ? arg : toTensor(op, arg as TensorLike);
    const own = leavesOf(op, 'arguments', tree).map(alias);
    leaves.push(...own);
    return rebuild(tree, own);
  });
  return { args: fresh, leaves };
}

function isTree(arg: unknown): arg is Tree {
  if (arg instanceof Tensor) return true;
  if (typeof arg !== 'object' || arg === null || ArrayBuffer.isView(arg)) return false;
  const parts = Object.values(arg);
  return parts.length > 0 && parts.every(isTree);
}

/** Runs `f` on fresh aliases of `args` while following them. */
export function traced<R>(
  op: string,
  f: TensorFunction<R>,
  args: readonly unknown[],
  integers = false,
): { result: R; leaves: Tensor[]; follower: Follower } {
  const follower = new Follower(integers);
  const fresh = freshArguments(op, args);
  const followed = fresh.leaves.filter((x) => integers || isFloating(x.dtype));
  const result = follower.follow(followed, () => f(...(fresh.args as never[])));
  return { result, leaves: fresh.leaves, follower };
}

/** The result of a function that must return one tensor. */
export function oneTensor(op: string, y: unknown): Tensor {
  if (!(y instanceof Tensor))
    throw new ArgumentError(`${op}: the function must return a tensor, it returned ${describe(y)}`);
  return y;
}
