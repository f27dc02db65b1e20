import { backward } from '../backward.ts';
import type { TensorLike } from '../convert.ts';
import { zerosOf } from '../create/host.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError, DTypeError, GradientError } from '../errors.ts';
import { jacobianSpec, pulledJacobians, stackRows, unitVectors } from '../jacobianRows.ts';
import { reshaped } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { withScope } from '../scope.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { leavesOf, type MapTree, rebuild, type Tree, tensorsIn } from '../tree.ts';
import { jvp, pushedForward } from './linearize.ts';
import { type Argument, freshArguments, oneTensor, type TensorFunction, traced } from './trace.ts';

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** 'reverse' costs one pass per element of the value, 'forward' one per element of the argument. Default: 'reverse'. */
  readonly mode?: 'reverse' | 'forward';
}

/** The argument of a transform as the function sees it. */
type Seen<X> = X extends TensorLike ? Tensor : MapTree<X, Tensor>;

/**
 * The Jacobian function of `f(x)`: `x => J`, of shape f(x).shape ++ x.shape. For an `x` that is a tree, J is that tree
 * with a Jacobian for each tensor. Both modes agree; zeros stand where there is no dependence.
 * @example
 * jacobian((x: Tensor) => mul(x, x))([1, 2]).print(); // [[2, 0], [0, 4]]
 */
export function jacobian(f: (x: Tensor) => Tensor, options?: JacobianOptions): (x: TensorLike) => Tensor;
export function jacobian<T extends Tree>(f: (x: T) => Tensor, options?: JacobianOptions): (x: T) => Seen<T>;
export function jacobian(f: TensorFunction<Tensor>, { mode = 'reverse' }: JacobianOptions = {}): (x: never) => unknown {
  if (mode !== 'reverse' && mode !== 'forward') {
    throw new ArgumentError(`jacobian: mode must be 'reverse' or 'forward', got ${String(mode)}`);
  }
  return (x: Argument) => (mode === 'reverse' ? reverseJacobian(f, x) : forwardJacobian(f, x));
}

function checkFloating(op: string, xs: readonly Tensor[]): void {
  const whole = xs.find((x) => !isFloating(x.dtype));
  if (whole !== undefined) throw new DTypeError(`${op}: the argument is ${whole.dtype}; cast it to a float`);
}

function shapeOf(x: Argument, leaves: readonly unknown[]): unknown {
  return typeof x === 'object' && x !== null && tensorsIn(x).length > 0 ? rebuild(x, leaves) : leaves[0];
}

function reverseJacobian(f: TensorFunction<Tensor>, x: Argument): unknown {
  return withScope(() => {
    const { result, leaves, follower } = traced('jacobian', f, [x]);
    checkFloating('jacobian', leaves);
    const y = oneTensor('jacobian', result);
    const ids = leaves.map(({ id }) => [id]);
    const found = pulledJacobians(follower.list, y, leaves, ids).map(
      (one, i) => one ?? zerosOf(y.backend, jacobianSpec(y, leaves[i])),
    );
    return shapeOf(x, found);
  }, tensorsIn);
}

function forwardJacobian(f: TensorFunction<Tensor>, x: Argument): unknown {
  return withScope(() => {
    const { leaves } = freshArguments('jacobian', [x]);
    checkFloating('jacobian', leaves);
    const g = (...parts: Tensor[]): Tensor => oneTensor('jacobian', f(shapeOf(x, parts) as never));
    const found = leaves.map((leaf, i) => {
      let value: Tensor | null = null;
      const columns = Array.from(unitVectors(leaf.backend, leaf), (unit) => {
        const tangents = leaves.map((other, j) => (j === i ? unit : zerosOf(other.backend, other)));
        const [y, t] = jvp(g, leaves, tangents);
        value = y;
        return t;
      });
      const y: Tensor = value ?? g(...leaves);
      const stacked = stackRows(leaf, y, columns);
      if (stacked === null) return zerosOf(leaf.backend, jacobianSpec(y, leaf));
      // Columns came first: [x, y] becomes [y, x].
      const matrix = transpose(reshaped(stacked, [leaf.size, y.size]), [1, 0]);
      return reshaped(matrix, jacobianSpec(y, leaf).shape);
    });
    return shapeOf(x, found);
  }, tensorsIn);
}

/**
 * The Hessian function of a scalar `f(x)`: `x => H`, of shape x.shape ++ x.shape, forward over reverse. For a tree, H is
 * a tree of trees: `H.a.b` has shape a.shape ++ b.shape.
 * @example
 * hessian((x: Tensor) => sum(mul(mul(x, x), x)))([1, 2]).print(); // [[6, 0], [0, 12]]
 */
export function hessian(f: (x: Tensor) => Tensor): (x: TensorLike) => Tensor;
export function hessian<T extends Tree>(f: (x: T) => Tensor): (x: T) => MapTree<T, Seen<T>>;
export function hessian(f: TensorFunction<Tensor>): (x: never) => unknown {
  return (x: Argument) =>
    withScope(() => {
      const { leaves } = freshArguments('hessian', [x]);
      const rows = leaves.map((_, i) => {
        const slope = (...parts: Tensor[]): Tensor => gradientsOf('hessian', f, x, parts)[i];
        const row = forwardJacobian(((parts: Tensor[]) => slope(...parts)) as TensorFunction<Tensor>, leaves);
        return shapeOf(x, row as unknown[]);
      });
      return shapeOf(x, rows);
    }, tensorsIn);
}

/** The gradients of a scalar function of the tree `x`, whose tensors are `parts`; zeros where it does not depend. */
function gradientsOf(op: string, f: TensorFunction<Tensor>, x: Argument, parts: readonly Tensor[]): Tensor[] {
  const { result, leaves, follower } = traced(op, (...fresh: Tensor[]) => f(shapeOf(x, fresh) as never), parts);
  const y = oneTensor(op, result);
  if (y.rank !== 0) {
    throw new GradientError(
      `${op}: the function must return a scalar, it returned shape ${showShape(y.shape)}; reduce it first`,
    );
  }
  const [seed] = unitVectors(y.backend, y);
  const ids = leaves.map(({ id }) => [id]);
  return backward(follower.list, [y], [seed], ids).map((g, i) => g ?? zerosOf(y.backend, leaves[i]));
}

/**
 * The Hessian of a scalar `f` at `x`, times `v`, without building the Hessian: the gradient of the derivative along `v`,
 * so that nobody computes the gradient itself.
 * @example
 * hvp((x: Tensor) => sum(mul(mul(x, x), x)), tensor([1, 2]), tensor([1, 0])).print(); // [6, 0]
 */
export function hvp(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor;
export function hvp(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor;
export function hvp<T extends Tree>(f: (x: T) => Tensor, x: T, v: MapTree<T, Tensor>): MapTree<T, Tensor>;
export function hvp(f: TensorFunction<Tensor>, x: Tree, v: Tree): unknown {
  const slope = (at: Tree): Tensor => oneTensor('hvp', pushedForward('hvp', f, [at], [v])[1]);
  return withScope(
    () => rebuild(x, gradientsOf('hvp', slope as TensorFunction<Tensor>, x, leavesOf('hvp', 'x', x))),
    tensorsIn,
  );
}
