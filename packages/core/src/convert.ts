import type { Backend } from './backend.ts';
import { currentBackend, defaultFloat } from './backends.ts';
import { hostTensor } from './create/host.ts';
import { convertValues, type DType } from './dtype.ts';
import { ArgumentError, DTypeError } from './errors.ts';
import { describe, flatten, isTypedArray, type NestedLike, naturalDType } from './nested.ts';
import { Tensor } from './tensor.ts';

/** What every op takes for a tensor: a tensor, a number, a boolean, or (nested) arrays of these. */
export type TensorLike = Tensor | NestedLike;

/** Whether there is an optional argument. */
export function given<T>(argument: T | null | undefined): argument is T {
  return argument !== undefined && argument !== null;
}

/**
 * The tensor that an argument stands for; host values become one of `dtype`, or of their own.
 * @example
 * toTensor('mine', [1, 2]).print(); // [1, 2]
 * toTensor('mine', 'one' as never); // throws ArgumentError: mine: string one is not a tensor
 */
export function toTensor(op: string, x: TensorLike, backend: Backend = currentBackend(), dtype?: DType): Tensor {
  if (x instanceof Tensor) return x;
  if (isComplex(x)) {
    throw new DTypeError(`${op}: takes no complex numbers; give it real(x) and imag(x), one by one`);
  }
  if (typeof x !== 'number' && typeof x !== 'boolean' && !Array.isArray(x) && !isTypedArray(x)) {
    throw new ArgumentError(
      `${op}: ${describe(x)} is not a tensor; give a tensor, a number, a boolean or (nested) arrays of them` +
        (isForeignTensor(x) ? ' (it comes from a second copy of @wengert/core: install only one)' : ''),
    );
  }
  const type = dtype ?? naturalDType(x) ?? defaultFloat(backend);
  if (typeof x === 'number' || typeof x === 'boolean')
    return hostTensor(op, backend, convertValues([x], type), [], type);
  if (isTypedArray(x)) return hostTensor(op, backend, convertValues(x, type), [x.length], type);
  const { values, shape } = flatten(op, x);
  return hostTensor(op, backend, convertValues(values, type), shape, type);
}

/** Told by its parts, so that programs without complex numbers need not carry their class. */
function isComplex(x: unknown): boolean {
  return typeof x === 'object' && x !== null && 're' in x && 'im' in x;
}

function isForeignTensor(x: unknown): boolean {
  return typeof x === 'object' && x !== null && 'shape' in x && 'dtype' in x;
}

/**
 * The backend of the first tensor among the arguments, else the selected one.
 * @example
 * console.log(backendOf([1, tensor([2])]).name); // cpu
 */
export function backendOf(args: readonly TensorLike[]): Backend {
  for (const x of args) if (x instanceof Tensor && x.cell !== null) return x.cell.backend;
  return currentBackend();
}
