import { createReferenceBackend } from '@wengert/backend-reference';
import {
  type Backend,
  type Block,
  convertValues,
  type DType,
  isFloating,
  type Kernel,
  type Spec,
  type Storage,
  type Tensor,
  type TypedArray,
} from '@wengert/core';
import { boundedKernels } from './boundedKernels.ts';
import { type Bounded, type Exact, exactArithmetic } from './exactArithmetic.ts';
import { UNIT_ROUNDOFF, UNKNOWN } from './tolerance.ts';

/** The values that a backend should give, in float64 for every float, and how far it may be away from each. */
export interface Expected extends Spec {
  readonly values: TypedArray;
  /** Null where every bit must agree. */
  readonly error: Float64Array | null;
}

/** A backend that computes with the reference's kernels in float64 and carries along a bound for the error of each element. */
export interface RunningError {
  readonly backend: Backend;
  expected(x: Tensor): Expected;
}

/**
 * A running error analysis (Wilkinson; Higham, Accuracy and Stability of Numerical Algorithms, 3.3): whatever is
 * computed on its backend, forward or in a gradient, comes with the error that a backend with the given dtypes may make
 * there. Specs, default dtypes and promotions are those of the backend under test; the values are float64 throughout.
 */
export function createRunningError(dtypes: Iterable<DType>): RunningError {
  const exact = exactArithmetic();
  const foreign = new WeakSet<TypedArray>();
  // The storage may be shared by tensors of several shapes.
  const bounded = ({ storage, shape }: Block): Bounded => {
    const { value, error } = storage as Bounded;
    return { value: { ...value, shape }, error: error && { ...error, shape } };
  };

  const read = (block: Block): TypedArray => convertValues(exact.read(bounded(block).value), block.dtype);
  const backend: Backend = {
    name: 'runningError',
    dtypes: new Set(dtypes),
    kernels: new Map<string, Kernel>(
      [...boundedKernels].map(([op, kernel]): [string, Kernel] => [
        op,
        (inputs, attrs, outputs): readonly Storage[] => kernel(exact, inputs.map(bounded), attrs, outputs),
      ]),
    ),
    write(data, spec) {
      if (data instanceof Promise) throw new TypeError('runningError: takes data, not a promise of it');
      return leaf(exact, data, spec, foreign.has(data));
    },
    read: async (block) => read(block),
    readSync: read,
    free: () => undefined,
    fallback: markedReference(foreign),
  };
  return {
    backend,
    expected(x) {
      const { value, error } = bounded(x);
      const values = exact.read(value);
      return { shape: x.shape, dtype: x.dtype, values, error: error && exact.floats(error) };
    },
  };
}

function leaf(exact: Exact, data: TypedArray, spec: Spec, computed: boolean): Bounded {
  if (!isFloating(spec.dtype)) return { value: exact.write(data, spec), error: null };
  const values = Float64Array.from(data);
  const value = exact.write(values, spec);
  if (!computed) return { value, error: null };
  const units = UNKNOWN[spec.dtype === 'float32' ? 'float32' : 'float64'] * UNIT_ROUNDOFF[spec.dtype];
  return {
    value,
    error: exact.write(
      values.map((x) => units * Math.abs(x)),
      spec,
    ),
  };
}

/** The reference as the fallback for ops that have a kernel there and no place in the table; tells what it computed. */
function markedReference(computed: WeakSet<TypedArray>): Backend {
  const reference = createReferenceBackend();
  return {
    ...reference,
    readSync(block) {
      const data = reference.readSync?.(block) ?? new Float64Array();
      computed.add(data);
      return data;
    },
  };
}
