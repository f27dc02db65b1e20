import { currentBackend, defaultFloat } from '../backends.ts';
import { allocate, type DType } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import type { Tensor1D, Tensor2D } from '../tfjsTypes.ts';
import { hostTensor } from './host.ts';

/**
 * Numbers from `start` up to, not including, `stop`.
 * @example
 * range(0, 6, 2).print(); // [0, 2, 4]
 */
export function range(start: number, stop: number, step: number = start <= stop ? 1 : -1, dtype?: DType): Tensor1D {
  if (step === 0) throw new ArgumentError('range: step must not be 0');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  const backend = currentBackend();
  const type = dtype ?? defaultFloat(backend);
  // int32 truncates what it is given and bool takes anything but 0 as true, without a second copy.
  const data = allocate(type, count);
  for (let i = 0; i < count; i++) data[i] = type === 'bool' ? Number(start + i * step !== 0) : start + i * step;
  return hostTensor('range', backend, data, [count], type);
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included.
 * @example
 * linspace(0, 1, 3).print(); // [0, 0.5, 1]
 */
export function linspace(start: number, stop: number, count: number): Tensor1D {
  if (!Number.isInteger(count) || count <= 0)
    throw new ArgumentError(`linspace: count must be a positive integer, got ${count}`);
  const step = count === 1 ? 0 : (stop - start) / (count - 1);
  const backend = currentBackend();
  const type = defaultFloat(backend);
  const data = allocate(type, count);
  for (let i = 0; i < count; i++) data[i] = i === count - 1 && count > 1 ? stop : start + i * step;
  return hostTensor('linspace', backend, data, [count], type);
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
