import { currentBackend, defaultFloat } from '../backends.ts';
import { convertValues, type DType } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { checkShape, type Shape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { hostTensor } from './host.ts';
import { RandomStream } from './philox.ts';

let seeds: RandomStream = new RandomStream(Date.now());

/**
 * Fixes the seeds of all random ops that are called without one, from here on.
 * @example
 * setSeed(7);
 * const first = randomUniform([3]);
 * setSeed(7);
 * equal(first, randomUniform([3])).print(); // [true, true, true]
 */
export function setSeed(seed: number): void {
  seeds = new RandomStream(seed);
}

/** The numbers that belong to `seed`, or to the next one where there is none. */
export function randomStream(op: string, seed: number | undefined): RandomStream {
  if (seed !== undefined && !Number.isFinite(seed)) {
    throw new ArgumentError(`${op}: the seed must be a number, got ${seed}`);
  }
  return new RandomStream(seed ?? seeds.word());
}

function draw(
  op: string,
  shape: Shape,
  dtype: DType | undefined,
  seed: number | undefined,
  next: (stream: RandomStream) => number,
): Tensor {
  checkShape(op, shape);
  const backend = currentBackend();
  const type = dtype ?? defaultFloat(backend);
  const stream = randomStream(op, seed);
  const values = Float64Array.from({ length: sizeOf(shape) }, () => next(stream));
  return hostTensor(op, backend, convertValues(values, type), [...shape], type);
}

/**
 * Uniform random numbers in [low, high). The same seed gives the same numbers on every backend and platform.
 * @example
 * equal(randomUniform([3], 0, 1, 'float32', 7), randomUniform([3], 0, 1, 'float32', 7)).print(); // [true, true, true]
 */
export function randomUniform(shape: Shape, low = 0, high = 1, dtype?: DType, seed?: number): Tensor {
  if (dtype === 'bool') return draw('randomUniform', shape, dtype, seed, (stream) => (stream.uniform() < 0.5 ? 0 : 1));
  return draw('randomUniform', shape, dtype, seed, (stream) => low + (high - low) * stream.uniform());
}

/**
 * Normal random numbers. The same seed gives the same numbers on every backend and platform.
 * @example
 * console.log(randomNormal([2, 3], 0, 1, 'float32', 1).shape); // [2, 3]
 */
export function randomNormal(shape: Shape, mean = 0, stdDev = 1, dtype?: DType, seed?: number): Tensor {
  return draw('randomNormal', shape, dtype, seed, (stream) => mean + stdDev * stream.normal());
}

/**
 * Normal random numbers, drawn again while they lie more than two standard deviations from the mean.
 * @example
 * console.log(truncatedNormal([2, 3], 0, 1, 'float32', 1).shape); // [2, 3]
 */
export function truncatedNormal(shape: Shape, mean = 0, stdDev = 1, dtype?: DType, seed?: number): Tensor {
  return draw('truncatedNormal', shape, dtype, seed, (stream) => {
    let z = stream.normal();
    while (Math.abs(z) > 2) z = stream.normal();
    return mean + stdDev * z;
  });
}
