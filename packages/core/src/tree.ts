import { ArgumentError } from './errors.ts';
import { describe } from './nested.ts';
import { Tensor } from './tensor.ts';

/** Tensors in arrays and objects, nested to any depth. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree };

/** The same structure with `L` for each tensor. */
export type MapTree<T, L> = T extends Tensor ? L : { -readonly [K in keyof T]: MapTree<T[K], L> };

function isContainer(x: unknown): x is object {
  return typeof x === 'object' && x !== null && !ArrayBuffer.isView(x) && !(x instanceof Promise);
}

/** The tensors of a result of any kind, depth first; other values are passed over. */
export function tensorsIn(x: unknown): Tensor[] {
  if (x instanceof Tensor) return [x];
  const found: Tensor[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (value instanceof Tensor) found.push(value);
    else if (isContainer(value) && !seen.has(value)) {
      seen.add(value);
      for (const part of Object.values(value)) visit(part);
    }
  };
  visit(x);
  return found;
}

/** The tensors of a tree. Throws `ArgumentError` where a leaf is none. */
export function leavesOf(op: string, what: string, tree: unknown): Tensor[] {
  if (tree instanceof Tensor) return [tree];
  if (!isContainer(tree)) {
    throw new ArgumentError(`${op}: ${what} must be tensors, or arrays and objects of tensors; got ${describe(tree)}`);
  }
  return Object.values(tree).flatMap((part) => leavesOf(op, what, part));
}

/** The tree with its leaves, in the order of `leavesOf`, replaced one by one: a `MapTree` of it. */
export function rebuild<R>(tree: unknown, leaves: Iterable<unknown>): R {
  const next = leaves[Symbol.iterator]();
  const build = (part: unknown): unknown => {
    if (part instanceof Tensor) return next.next().value;
    if (Array.isArray(part)) return part.map(build);
    return Object.fromEntries(Object.entries(part as object).map(([key, value]) => [key, build(value)]));
  };
  return build(tree) as R;
}
