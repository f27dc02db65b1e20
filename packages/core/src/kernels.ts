import type { Kernel } from './backend.ts';
import type * as ops from './generated/ops.ts';
import type { Op } from './op/op.ts';

type Ops = typeof ops;
type Attrs<F> = F extends { readonly op: Op<infer A> } ? A : never;
type NameOf<K, F> = F extends { readonly op: unknown } ? (K extends `${infer Name}Op` ? Name : K) : never;

/**
 * A backend's own kernels by op name, with the attributes that each op's declaration states. Follows from the
 * declarations: a name that is no op, or an attribute that it does not have, does not compile.
 */
export type KernelTable = { readonly [K in keyof Ops as NameOf<K, Ops[K]>]?: Kernel<Attrs<Ops[K]>> };

/**
 * The map that the Backend interface wants, from one or several tables.
 * @example
 * const kernels = kernelMap({ neg: () => null });
 * console.log([...kernels.keys()]); // ['neg']
 */
export function kernelMap(...tables: readonly KernelTable[]): ReadonlyMap<string, Kernel> {
  return new Map(tables.flatMap((table) => Object.entries(table) as [string, Kernel][]));
}
