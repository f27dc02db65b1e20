import {
  ArgumentError,
  DisposedError,
  DTypeError,
  GradientError,
  isFloating,
  ShapeError,
  sameShape,
  showShape,
  Tensor,
  Variable,
  variablesNamed,
} from '@wengert/core';

/** Tensors by name, as `variableGrads` gives them. */
export interface NamedTensors {
  readonly [name: string]: Tensor;
}

/** A tensor with the name of its variable. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Gradients with their variables: by name in one of tfjs's two forms, or in TensorFlow's pairs. */
export type VariableGradients =
  | NamedTensors
  | readonly NamedTensor[]
  | readonly (readonly [gradient: Tensor | null, variable: Variable])[];

/** The gradients as [gradient, variable] pairs, each of them checked. */
export function pairsOf(action: string, gradients: VariableGradients): readonly (readonly [Tensor, Variable])[] {
  if (typeof gradients !== 'object' || gradients === null || gradients instanceof Tensor) {
    throw new ArgumentError(
      `${action}: gradients by variable name, { name, tensor } objects or [gradient, variable] pairs are needed, got ${String(gradients)}`,
    );
  }
  const pairs = isList(gradients)
    ? gradients.map((entry) => pairOf(action, entry))
    : Object.entries(gradients).map(([name, tensor]) => [tensor, variableNamed(action, name)] as const);
  const seen = new Set<Variable>();
  return pairs.map(([gradient, v]) => {
    if (seen.has(v)) throw new ArgumentError(`${action}: variable '${v.name}' is given twice; add its gradients up`);
    seen.add(v);
    return [fitting(action, gradient, v), v] as const;
  });
}

function isList(gradients: VariableGradients): gradients is Exclude<VariableGradients, NamedTensors> {
  return Array.isArray(gradients);
}

function pairOf(
  action: string,
  entry: NamedTensor | readonly [Tensor | null, Variable],
): readonly [Tensor | null | undefined, Variable] {
  if ('name' in entry) return [entry.tensor, variableNamed(action, entry.name)];
  const [gradient, v] = entry;
  if (!(v instanceof Variable)) {
    throw new ArgumentError(`${action}: a pair must be [gradient, variable]; the second of one is no variable`);
  }
  return [gradient, v];
}

function variableNamed(action: string, name: string): Variable {
  const [v, ...others] = variablesNamed(name);
  if (v === undefined) throw new ArgumentError(`${action}: there is no variable named '${name}'`);
  if (others.length > 0) {
    throw new ArgumentError(
      `${action}: ${others.length + 1} variables are named '${name}'; give [gradient, variable] pairs, or dispose those no longer used`,
    );
  }
  return v;
}

function fitting(action: string, gradient: Tensor | null | undefined, v: Variable): Tensor {
  const name = `variable '${v.name}'`;
  if (gradient === null || gradient === undefined) {
    throw new GradientError(
      `${action}: ${name} has no gradient: the target does not depend on it; leave it out, or take gradients with unconnectedGradients: 'zero'`,
    );
  }
  if (!(gradient instanceof Tensor)) {
    throw new ArgumentError(`${action}: the gradient of ${name} must be a tensor, got ${typeof gradient}`);
  }
  if (v.isDisposed) throw new DisposedError(`${action}: ${name} is disposed`);
  if (gradient.isDisposed) throw new DisposedError(`${action}: the gradient of ${name} is disposed`);
  if (!isFloating(v.dtype)) throw new DTypeError(`${action}: ${name} is ${v.dtype}; only floats can be optimized`);
  if (gradient.dtype !== v.dtype) {
    throw new DTypeError(`${action}: ${name} is ${v.dtype}, its gradient ${gradient.dtype}; cast it first`);
  }
  if (!sameShape(gradient.shape, v.shape)) {
    throw new ShapeError(
      `${action}: ${name} has shape ${showShape(v.shape)}, its gradient ${showShape(gradient.shape)}`,
    );
  }
  return gradient;
}
