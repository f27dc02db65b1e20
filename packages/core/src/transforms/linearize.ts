import { ForwardAccumulator } from '../accumulator.ts';
import { backward } from '../backward.ts';
import { checkCotangents, checkTangents } from '../cotangents.ts';
import { zerosOf } from '../create/host.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError, DisposedError } from '../errors.ts';
import { Follower } from '../pushforward.ts';
import { withScope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';
import { leavesOf, type MapTree, rebuild, type Tree, tensorsIn } from '../tree.ts';
import type { WengertList } from '../wengertList.ts';
import { freshArguments, type TensorFunction, traced } from './trace.ts';

/** A linear map kept for use again and again. Dispose it to free what it holds. */
export interface LinearMap<From extends readonly unknown[], To> extends Disposable {
  (...args: From): To;
}

/** The same structure as the primals, with a tensor for each. */
export type TreesOf<P extends readonly Tree[]> = { -readonly [K in keyof P]: MapTree<P[K], Tensor> };

/** With `hasAux` the function returns a pair, whose second part is handed through. */
export interface AuxOptions {
  readonly hasAux?: boolean;
}

/** Splits off the auxiliary part of a result. */
export function splitAux(op: string, result: unknown, hasAux: boolean): { y: Tree; aux: unknown } {
  if (!hasAux) return { y: result as Tree, aux: undefined };
  if (!Array.isArray(result) || result.length !== 2) {
    throw new ArgumentError(`${op}: with hasAux the function must return a pair [value, aux]`);
  }
  return { y: result[0] as Tree, aux: result[1] };
}

function disposable<From extends readonly unknown[], To>(
  op: string,
  follower: Follower,
  f: (...args: From) => To,
): LinearMap<From, To> {
  let gone = false;
  follower.kept = true;
  const map = (...args: From): To => {
    if (gone) throw new DisposedError(`${op}: this linear map is disposed`);
    return f(...args);
  };
  return Object.assign(map, {
    [Symbol.dispose]() {
      gone = true;
      follower.list.release();
    },
  });
}

/** The reverse sweep from `ends`, with zeros for each of `sources` that it does not reach. */
function pullback(
  list: WengertList,
  ends: readonly Tensor[],
  gs: readonly Tensor[],
  sources: readonly Tensor[],
): Tensor[] {
  const found = backward(
    list,
    ends,
    gs,
    sources.map((x) => [x.id]),
  );
  return found.map((g, i) => g ?? zerosOf(gs[0].backend, sources[i]));
}

/**
 * The value of `f` at `primals` and its pullback, which maps a cotangent of the value to a list of cotangents of the
 * primals and can be used again. Zeros stand for primals that `f` does not use. With `hasAux`, a third entry.
 * @example
 * const [y, pull] = vjp((x: Tensor) => mul(x, x), [scalar(3)]);
 * y.print(); // 9
 * pull(scalar(1))[0].print(); // 6
 */
export function vjp<P extends readonly Tree[], R extends Tree>(
  f: (...primals: NoInfer<P>) => R,
  primals: readonly [...P],
  options?: AuxOptions,
): [value: R, pullback: LinearMap<[cotangent: MapTree<R, Tensor>], TreesOf<P>>];
export function vjp<P extends readonly Tree[], R extends Tree, X>(
  f: (...primals: NoInfer<P>) => readonly [R, X],
  primals: readonly [...P],
  options: { readonly hasAux: true },
): [value: R, pullback: LinearMap<[cotangent: MapTree<R, Tensor>], TreesOf<P>>, aux: X];
export function vjp(
  f: TensorFunction<unknown>,
  primals: readonly Tree[],
  { hasAux = false }: AuxOptions = {},
): unknown[] {
  return withScope(() => {
    const { result, leaves, follower } = traced('vjp', f, primals);
    const { y, aux } = splitAux('vjp', result, hasAux);
    const ys = leavesOf('vjp', 'the value', y).map((end) => end.frozen());
    const pull = disposable('vjp', follower, (g: Tree) => {
      const gs = leavesOf('vjp', 'cotangents', g);
      checkCotangents('vjp', 'cotangents', ys, gs);
      return rebuild(primals, pullback(follower.list, ys, gs, leaves));
    });
    return hasAux ? [y, pull, aux] : [y, pull];
  }, tensorsIn);
}

/**
 * The value of `f` at `primals` and its tangent along `tangents`, in one forward pass.
 * @example
 * const [y, t] = jvp((x: Tensor) => mul(x, x), [scalar(3)], [scalar(1)]);
 * t.print(); // 6
 */
export function jvp<P extends readonly Tree[], R extends Tree>(
  f: (...primals: NoInfer<P>) => R,
  primals: readonly [...P],
  tangents: NoInfer<readonly [...P]>,
  options?: AuxOptions,
): [value: R, tangent: MapTree<R, Tensor>];
export function jvp<P extends readonly Tree[], R extends Tree, X>(
  f: (...primals: NoInfer<P>) => readonly [R, X],
  primals: readonly [...P],
  tangents: NoInfer<readonly [...P]>,
  options: { readonly hasAux: true },
): [value: R, tangent: MapTree<R, Tensor>, aux: X];
export function jvp(
  f: TensorFunction<unknown>,
  primals: readonly Tree[],
  tangents: readonly Tree[],
  { hasAux = false }: AuxOptions = {},
): unknown[] {
  return pushedForward('jvp', f, primals, tangents, hasAux);
}

/** As `jvp`, for the transform called `op`. */
export function pushedForward(
  op: string,
  f: TensorFunction<unknown>,
  primals: readonly Tree[],
  tangents: readonly Tree[],
  hasAux = false,
): unknown[] {
  return withScope(() => {
    const { args, leaves } = freshArguments(op, primals);
    const ts = leavesOf(op, 'tangents', tangents as Tree);
    checkTangents(op, leaves, ts);
    return ForwardAccumulator.use(leaves, ts, (forward) => {
      const { y, aux } = splitAux(op, f(...(args as never[])), hasAux);
      leavesOf(op, 'the value', y);
      const t: Tree = forward.jvp(y as Tensor, { unconnectedGradients: 'zero' });
      return hasAux ? [y, t, aux] : [y, t];
    });
  }, tensorsIn);
}

/**
 * The value of `f` at `primals` and its pushforward, which maps tangents to the value's tangent without running `f`
 * again: the transpose of the recorded pullback.
 * @example
 * const [y, push] = linearize((x: Tensor) => mul(x, x), [scalar(3)]);
 * push(scalar(2)).print(); // 12
 */
export function linearize<P extends readonly Tree[], R extends Tree>(
  f: (...primals: NoInfer<P>) => R,
  primals: readonly [...P],
): [value: R, pushforward: LinearMap<P, MapTree<R, Tensor>>];
export function linearize(f: TensorFunction<unknown>, primals: readonly Tree[]): unknown[] {
  return withScope(() => {
    const { result, leaves, follower } = traced('linearize', f, primals);
    const y = result as Tree;
    const ys = leavesOf('linearize', 'the value', y).filter((end) => isFloating(end.dtype));
    const transposed = new Follower();
    const variables = ys.map((end) => zerosOf(end.backend, end));
    const pulled = transposed.follow(variables, () => pullback(follower.list, ys, variables, leaves));
    const push = disposable('linearize', transposed, (...tangents: readonly Tree[]) => {
      const ts = leavesOf('linearize', 'tangents', tangents as Tree);
      checkTangents('linearize', leaves, ts);
      return rebuild(y, pullback(transposed.list, pulled, ts, variables));
    });
    return [y, push];
  }, tensorsIn);
}
