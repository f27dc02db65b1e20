import { currentBackend, defaultFloat } from '../backends.ts';
import { allocate, convertValues, type DType } from '../dtype.ts';
import { ArgumentError, DTypeError } from '../errors.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import { checkShape, type Shape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { hostTensor } from './host.ts';
import { RandomStream } from './philox.ts';

/** What chooses random numbers: any finite number, or any text. */
export type Seed = number | string;

/** The number that stands for a seed: of a text, its FNV-1a hash (32 bits, over UTF-16 code units). */
function numberOf(op: string, seed: Seed): number {
  if (typeof seed === 'string') {
    let hash = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    return hash >>> 0;
  }
  if (!Number.isFinite(seed)) throw new ArgumentError(`${op}: the seed must be a finite number or a text, got ${seed}`);
  return seed;
}

let seeds: RandomStream | undefined;

/**
 * Fixes the seeds of all random ops that are called without one, from here on.
 * @example
 * setSeed(7);
 * const first = randomUniform([3]);
 * setSeed(7);
 * equal(first, randomUniform([3])).print(); // [true, true, true]
 */
export function setSeed(seed: Seed): void {
  seeds = new RandomStream(numberOf('setSeed', seed));
}

/** The numbers that belong to `seed`, or to the next one where there is none. */
export function randomStream(op: string, seed: Seed | undefined): RandomStream {
  if (seed !== undefined) return new RandomStream(numberOf(op, seed));
  seeds ??= new RandomStream(Date.now());
  return new RandomStream(seeds.word());
}

/** Draws all elements: each distribution has a loop of its own, into which engines inline what it draws. */
type Fill = (values: Float64Array, stream: RandomStream) => void;

function draw<R extends Rank>(
  op: string,
  shape: Shape,
  dtype: DType | undefined,
  seed: Seed | undefined,
  fill: Fill,
): Tensor<R> {
  checkShape(op, shape);
  const stream = randomStream(op, seed);
  return made(op, shape, dtype, (values) => fill(values, stream));
}

/** As `draw`, of a distribution without bounds: as in tfjs, int32 are rounded and not truncated. */
function drawRounded<R extends Rank>(...[op, shape, dtype, seed, fill]: Parameters<typeof draw>): Tensor<R> {
  return draw(op, shape, dtype, seed, (values, stream) => {
    fill(values, stream);
    if (dtype === 'int32') for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]);
  });
}

function made<R extends Rank>(
  op: string,
  shape: Shape,
  dtype: DType | undefined,
  fill: (values: Float64Array) => void,
): Tensor<R> {
  checkShape(op, shape);
  const backend = currentBackend();
  const type = dtype ?? defaultFloat(backend);
  const values = allocate('float64', sizeOf(shape));
  fill(values);
  return hostTensor(op, backend, convertValues(values, type), [...shape], type);
}

/**
 * Uniform random numbers in [low, high). The same seed gives the same numbers on every backend and platform.
 * @example
 * equal(randomUniform([3], 0, 1, 'float32', 7), randomUniform([3], 0, 1, 'float32', 7)).print(); // [true, true, true]
 */
export function randomUniform<R extends Rank = Rank>(
  shape: ShapeOf<R>,
  low = 0,
  high = 1,
  dtype?: DType,
  seed?: Seed,
): Tensor<R> {
  return draw('randomUniform', shape, dtype, seed, (values, stream) => {
    for (let i = 0; i < values.length; i++) {
      const u = stream.uniform();
      values[i] = dtype === 'bool' ? Math.round(u) : low + (high - low) * u;
    }
  });
}

function normals(mean: number, stdDev: number): Fill {
  return (values, stream) => {
    for (let i = 0; i < values.length; i++) values[i] = mean + stdDev * stream.normal();
  };
}

/**
 * Normal random numbers. The same seed gives the same numbers on every backend and platform.
 * @example
 * console.log(randomNormal([2, 3], 0, 1, 'float32', 1).shape); // [2, 3]
 */
export function randomNormal<R extends Rank = Rank>(
  shape: ShapeOf<R>,
  mean = 0,
  stdDev = 1,
  dtype?: DType,
  seed?: Seed,
): Tensor<R> {
  return drawRounded('randomNormal', shape, dtype, seed, normals(mean, stdDev));
}

/**
 * Normal random numbers, drawn again while they lie more than two standard deviations from the mean.
 * @example
 * console.log(truncatedNormal([2, 3], 0, 1, 'float32', 1).shape); // [2, 3]
 */
export function truncatedNormal<R extends Rank = Rank>(
  shape: ShapeOf<R>,
  mean = 0,
  stdDev = 1,
  dtype?: DType,
  seed?: Seed,
): Tensor<R> {
  return drawRounded('truncatedNormal', shape, dtype, seed, (values, stream) => {
    for (let i = 0; i < values.length; i++) {
      let z = stream.normal();
      while (Math.abs(z) > 2) z = stream.normal();
      values[i] = mean + stdDev * z;
    }
  });
}

/**
 * Normal random numbers with mean 0 and standard deviation 1.
 * @example
 * console.log(randomStandardNormal([2, 3], 'float32', 1).shape); // [2, 3]
 */
export function randomStandardNormal<R extends Rank = Rank>(shape: ShapeOf<R>, dtype?: DType, seed?: Seed): Tensor<R> {
  return drawRounded('randomStandardNormal', shape, dtype, seed, normals(0, 1));
}

/**
 * Uniform random int32 in [minval, maxval).
 * @example
 * console.log(randomUniformInt([2, 3], 5, 6, 1).arraySync()); // [[5, 5, 5], [5, 5, 5]]
 */
export function randomUniformInt<R extends Rank = Rank>(
  shape: ShapeOf<R>,
  minval: number,
  maxval: number,
  seed?: Seed,
): Tensor<R> {
  const span = Math.ceil(maxval) - Math.ceil(minval);
  if (!(span > 0)) throw new ArgumentError(`randomUniformInt: there is no integer in [${minval}, ${maxval})`);
  return draw('randomUniformInt', shape, 'int32', seed, (values, stream) => {
    for (let i = 0; i < values.length; i++) values[i] = Math.ceil(minval) + stream.integer(span);
  });
}

/**
 * Random numbers of the gamma distribution with shape `alpha` and inverse scale `beta`: their mean is alpha / beta.
 * @example
 * console.log(randomGamma([2, 3], 2, 1, 'float32', 1).shape); // [2, 3]
 */
export function randomGamma<R extends Rank = Rank>(
  shape: ShapeOf<R>,
  alpha: number,
  beta = 1,
  dtype?: DType,
  seed?: Seed,
): Tensor<R> {
  if (!(alpha > 0 && beta > 0)) {
    throw new ArgumentError(`randomGamma: alpha ${alpha} and beta ${beta} must be positive`);
  }
  if (dtype === 'bool') throw new DTypeError('randomGamma: numbers are drawn, not bools; use a float dtype or int32');
  return drawRounded('randomGamma', shape, dtype, seed, (values, stream) => {
    for (let i = 0; i < values.length; i++) values[i] = stream.gamma(alpha) / beta;
  });
}

/**
 * What `randFunction` gives, called once for each element in row-major order.
 * @example
 * rand([2, 2], () => 0.5).print(); // [[0.5, 0.5], [0.5, 0.5]]
 */
export function rand<R extends Rank = Rank>(shape: ShapeOf<R>, randFunction: () => number, dtype?: DType): Tensor<R> {
  return made('rand', shape, dtype, (values) => {
    for (let i = 0; i < values.length; i++) values[i] = randFunction();
  });
}
