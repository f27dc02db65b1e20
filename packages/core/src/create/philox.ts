import { allocate } from '../dtype.ts';

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011):
 * block `n` of a stream is a function of the seed and n alone, the same on every platform.
 */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of an unsigned 32 by 32 bit product. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** Writes the four 32-bit words of one block into `out`. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = mulHigh(M1, c2);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The stream of 32-bit words that belongs to `seed`. */
export class RandomStream {
  private readonly key: readonly [number, number];
  private readonly block: Uint32Array = new Uint32Array(4);
  private counter = 0;
  private left = 0;

  constructor(seed: number) {
    const high = Math.floor(seed / 2 ** 32);
    this.key = [seed >>> 0, high >>> 0];
  }

  /** The next 32 random bits, as an unsigned integer. */
  word(): number {
    if (this.left === 0) {
      philox([this.counter >>> 0, Math.floor(this.counter / 2 ** 32) >>> 0, 0, 0], this.key, this.block);
      this.counter++;
      this.left = 4;
    }
    return this.block[4 - this.left--];
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** So many of them. */
  uniforms(count: number): Float64Array {
    const values = allocate('float64', count);
    for (let i = 0; i < count; i++) values[i] = this.uniform();
    return values;
  }

  /** Standard normal, by Box and Muller's transform. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer, uniform in [0, limit). */
  integer(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /**
   * Gamma distributed with scale 1, by the rejection method of Marsaglia and Tsang, "A simple method for generating gamma
   * variables" (ACM TOMS 2000).
   */
  gamma(shape: number): number {
    // Below 1, a variable of shape + 1 times a power of a uniform one.
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const z = this.normal();
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < z * z * 0.5 + d * (1 - v + Math.log(v))) return d * v;
    }
  }
}
