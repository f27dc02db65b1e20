import { currentBackend, defaultFloat } from '../backends.ts';
import { allocate, convertValues, type DType } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import type { Tensor1D, Tensor2D } from '../tfjsTypes.ts';
import { hostTensor } from './host.ts';

/** Evenly spaced numbers from `start` on. */
function steps(start: number, step: number, count: number): Float64Array {
  const values = allocate('float64', count);
  for (let i = 0; i < count; i++) values[i] = start + i * step;
  return values;
}

/** A tensor of these numbers, which int32 truncates; a bool is true for all but 0. */
function tensorOf(op: string, values: Float64Array, dtype?: DType): Tensor1D {
  const backend = currentBackend();
  const type = dtype ?? defaultFloat(backend);
  return hostTensor(op, backend, convertValues(values, type), [values.length], type);
}

/**
 * Numbers from `start` up to, not including, `stop`.
 * @example
 * range(0, 6, 2).print(); // [0, 2, 4]
 */
export function range(start: number, stop: number, step: number = start <= stop ? 1 : -1, dtype?: DType): Tensor1D {
  if (step === 0) throw new ArgumentError('range: step must not be 0');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return tensorOf('range', steps(start, step, count), dtype);
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included.
 * @example
 * linspace(0, 1, 3).print(); // [0, 0.5, 1]
 */
export function linspace(start: number, stop: number, count: number): Tensor1D {
  if (!Number.isInteger(count) || count <= 0)
    throw new ArgumentError(`linspace: count must be a positive integer, got ${count}`);
  const values = steps(start, count === 1 ? 0 : (stop - start) / (count - 1), count);
  if (count > 1) values[count - 1] = stop;
  return tensorOf('linspace', values);
}

/**
 * Ones on the diagonal, zeros elsewhere, with `batchShape` in front.
 * @example
 * eye(2).print(); // [[1, 0], [0, 1]]
 */
export function eye(
  rows: number,
  columns: number = rows,
  batchShape?: readonly number[] | null,
  dtype?: DType,
): Tensor2D {
  const batch = batchShape ?? [];
  if (![rows, columns, ...batch].every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`eye: ${rows} rows, ${columns} columns and batch [${batch.join(',')}] are no shape`);
  }
  const backend = currentBackend();
  const type = dtype ?? defaultFloat(backend);
  const batches = batch.reduce((a, b) => a * b, 1);
  const data = allocate(type, batches * rows * columns);
  for (let b = 0; b < batches; b++) {
    for (let i = 0; i < Math.min(rows, columns); i++) data[(b * rows + i) * columns + i] = 1;
  }
  return hostTensor('eye', backend, data, [...batch, rows, columns], type);
}
