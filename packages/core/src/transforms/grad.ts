import { defaultFloat } from '../backends.ts';
import { backward } from '../backward.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { filled } from '../create/fill.ts';
import { zerosOf } from '../create/host.ts';
import { alias } from '../dispatch.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError, GradientError, ShapeError } from '../errors.ts';
import { describe, type NestedLike } from '../nested.ts';
import { withScope } from '../scope.ts';
import { sameShape, showShape } from '../shape.ts';
import { GradientTape } from '../tape.ts';
import type { Tensor } from '../tensor.ts';
import type { Scalar } from '../tfjsTypes.ts';
import { tensorsIn } from '../tree.ts';
import { Variable } from '../variable.ts';
import { oneTensor, traced } from './trace.ts';

interface ValueAndGrads {
  readonly value: Tensor;
  readonly grads: Tensor[];
}

/** The common part of tfjs's four: sums a non-scalar value, treats ints as reals, wants every argument connected. */
function differentiate(
  op: string,
  f: (...args: never[]) => Tensor,
  xs: readonly unknown[],
  dy?: TensorLike,
): ValueAndGrads {
  if (typeof f !== 'function') throw new ArgumentError(`${op}: a function is needed, got ${describe(f)}`);
  return withScope(() => {
    const { result, leaves, follower } = traced(op, f, xs, true);
    const y = oneTensor(op, result);
    const ids = leaves.map((x) => [x.id]);
    const seed = seedOf(op, y, dy);
    const grads = backward(follower.list, [y], [seed], ids).map((g, i) => {
      if (g !== null) return g;
      const x = leaves[i];
      // As in tfjs, a value that depends on the argument through argMax and the like has a gradient of zeros.
      if (follower.list.dependsOn(y, x)) {
        return zerosOf(y.backend, { shape: x.shape, dtype: isFloating(x.dtype) ? x.dtype : seed.dtype });
      }
      throw new GradientError(
        `${op}: the function's value does not depend on argument ${i} (shape ${showShape(x.shape)}); use a GradientTape where that is meant`,
      );
    });
    // A function that returns its argument returns the alias, which is this transform's own.
    return { value: y, grads };
  }, tensorsIn);
}

function seedOf(op: string, y: Tensor, dy: TensorLike | null | undefined): Tensor {
  const dtype = isFloating(y.dtype) ? y.dtype : defaultFloat(y.backend);
  if (dy === undefined || dy === null) return filled(y.backend, { shape: y.shape, dtype }, 1);
  const seed = toTensor(op, dy, y.backend, dtype);
  if (!sameShape(seed.shape, y.shape)) {
    throw new ShapeError(`${op}: dy has shape ${showShape(seed.shape)}, the function's value ${showShape(y.shape)}`);
  }
  return seed;
}

function checkArguments(op: string, xs: readonly TensorLike[]): void {
  if (!Array.isArray(xs))
    throw new ArgumentError(`${op}: the arguments must be given as an array, got ${describe(xs)}`);
}

/**
 * The gradient function of `f(x)`: `(x, dy?) => df/dx`. A non-scalar value is summed, or weighted by `dy`. Throws
 * `GradientError` where `f` does not depend on `x`.
 * @example
 * grad((x) => mul(x, x))(3).print(); // 6
 */
export function grad(f: (x: Tensor) => Tensor): (x: TensorLike, dy?: TensorLike) => Tensor {
  return (x, dy) => discarding(differentiate('grad', f, [x], dy)).grads[0];
}

/**
 * The gradient function of `f(x1, x2, ...)`: `([x1, x2, ...], dy?) => [df/dx1, ...]`.
 * @example
 * const [a, b] = grads((x, y) => mul(x, y))([2, 3]);
 * a.print(); // 3
 * b.print(); // 2
 */
export function grads(f: (...xs: Tensor[]) => Tensor): (xs: readonly TensorLike[], dy?: TensorLike) => Tensor[] {
  return (xs, dy) => {
    checkArguments('grads', xs);
    return discarding(differentiate('grads', f, xs, dy)).grads;
  };
}

/**
 * As `grad`, with the value: `(x, dy?) => { value, grad }`.
 * @example
 * valueAndGrad((x) => mul(x, x))(3).value.print(); // 9
 */
export function valueAndGrad<I extends Tensor = Tensor, O extends Tensor = Tensor>(
  f: (x: I) => O,
): (x: I | NestedLike, dy?: TensorLike) => { grad: I; value: O } {
  return (x, dy) => {
    const { value, grads: found } = differentiate('valueAndGrad', f, [x], dy);
    return { value: value as O, grad: found[0] as I };
  };
}

/**
 * As `grads`, with the value: `([x1, x2, ...], dy?) => { value, grads }`.
 * @example
 * valueAndGrads((x, y) => mul(x, y))([2, 3]).value.print(); // 6
 */
export function valueAndGrads<O extends Tensor = Tensor>(
  f: (...xs: Tensor[]) => O,
): (xs: readonly TensorLike[], dy?: TensorLike) => { grads: Tensor[]; value: O } {
  return (xs, dy) => {
    checkArguments('valueAndGrads', xs);
    const { value, grads: found } = differentiate('valueAndGrads', f, xs, dy);
    return { value: value as O, grads: found };
  };
}

function discarding(result: ValueAndGrads): ValueAndGrads {
  if (!result.value.kept) result.value.dispose();
  return result;
}

/** The value of a function of variables with each gradient beside its variable. */
export interface GradsAndVars {
  readonly value: Scalar;
  readonly gradsAndVars: readonly (readonly [gradient: Tensor, variable: Variable])[];
}

/**
 * The value of a scalar `f()` and its gradients as [gradient, variable] pairs: of those in `varList`, or of all trainable
 * variables that `f` reads, on which the value depends. Throws `GradientError` where it depends on none or is no scalar.
 * @example
 * const v = variable(3);
 * gradsAndVars(() => mul(v, v)).gradsAndVars[0][0].print(); // 6
 */
export function gradsAndVars(f: () => Tensor, varList?: readonly Variable[]): GradsAndVars {
  return pairedGradients('gradsAndVars', f, varList);
}

/**
 * The value of a scalar `f()` and its gradients by variable name: of `varList`, or of all trainable variables that `f`
 * reads. Throws `GradientError` where `f` depends on none of them or its value is no scalar, `ArgumentError` where two
 * of them have one name.
 * @example
 * const v = variable(3, true, 'v');
 * variableGrads(() => mul(v, v)).grads.v.print(); // 6
 */
export function variableGrads(
  f: () => Tensor,
  varList?: readonly Variable[],
): { value: Scalar; grads: Record<string, Tensor> } {
  return withScope(() => {
    const { value, gradsAndVars: pairs } = pairedGradients('variableGrads', f, varList);
    const grads: Record<string, Tensor> = {};
    for (const [gradient, { name }] of pairs) {
      if (Object.hasOwn(grads, name)) {
        throw new ArgumentError(
          `variableGrads: two variables are named '${name}'; give them names of their own, or use gradsAndVars`,
        );
      }
      grads[name] = gradient;
    }
    return { value, grads };
  }, tensorsIn);
}

function pairedGradients(op: string, f: () => Tensor, varList: readonly Variable[] | undefined): GradsAndVars {
  if (typeof f !== 'function') throw new ArgumentError(`${op}: a function is needed, got ${describe(f)}`);
  for (const v of varList ?? []) {
    if (!(v instanceof Variable)) throw new ArgumentError(`${op}: varList must hold variables, got ${describe(v)}`);
  }
  const tape = new GradientTape({ watchAccessedVariables: varList === undefined });
  try {
    return withScope(() => {
      const trainable = varList && [...new Set(varList)].filter((v) => v.trainable);
      if (trainable) tape.watch(trainable);
      const found = oneTensor(op, f());
      // The value is the caller's to dispose; a variable that f returns is not.
      const value = found instanceof Variable ? alias(found) : found;
      if (value.rank !== 0) {
        throw new GradientError(
          `${op}: f must return a scalar, it returned shape ${showShape(value.shape)}; reduce it with sum() or mean()`,
        );
      }
      const variables = trainable ?? tape.watchedVariables();
      const gradients = tape.gradient(value, variables);
      const pairs = variables.flatMap((v, i): (readonly [Tensor, Variable])[] => {
        const gradient = gradients[i];
        return gradient === null ? [] : [[gradient, v]];
      });
      if (pairs.length === 0) throw new GradientError(`${op}: the value of f depends on no trainable variable`);
      return { value: value as Scalar, gradsAndVars: pairs };
    }, tensorsIn);
  } finally {
    tape[Symbol.dispose]();
  }
}
