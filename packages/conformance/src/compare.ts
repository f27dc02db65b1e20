import { type DType, isFloating, type Shape, sameShape, showShape } from '@wengert/core';
import { ConformanceError, require } from './errors.ts';
import type { Expected } from './runningError.ts';
import { LARGEST, SMALLEST_NORMAL } from './tolerance.ts';
import type { Host } from './trial.ts';

/** What a comparison lets pass. */
export interface Leniency {
  /** Whether 0 and -0 are different: which of them is the larger is nowhere settled. Default: true. */
  readonly signedZeros?: boolean;
  /** Whether elements may be ill-conditioned, so that rounding may make them anything. Default: false. */
  readonly illConditioned?: boolean;
}

/** Throws `ConformanceError` naming the worst element unless `got` has the spec and, within bounds, the values expected. */
export function checkAgainst(
  what: string,
  got: Host,
  expected: Expected,
  { signedZeros = true, illConditioned = false }: Leniency = {},
): void {
  checkSpec(what, got, expected);
  let worst = -1;
  let excess = 0;
  for (let i = 0; i < expected.values.length; i++) {
    if (!signedZeros && got.values[i] === expected.values[i]) continue;
    if (illConditioned && expected.error !== null && !Number.isFinite(expected.error[i])) continue;
    const over = excessAt(got.values[i], expected, i, what);
    if (over > excess) [worst, excess] = [i, over];
  }
  if (worst < 0) return;
  const bound = expected.error === null ? 'exactly' : `± ${expected.error[worst].toExponential(2)}`;
  throw new ConformanceError(
    `${what}: element ${showShape(indexOf(worst, got.shape))} of ${got.dtype}${showShape(got.shape)} is ${show(got.values[worst])}, expected ${show(expected.values[worst])} ${bound}`,
  );
}

/** Throws unless shape, dtype, array class and length are those expected. */
export function checkSpec(what: string, got: Host, expected: { readonly shape: Shape; readonly dtype: DType }): void {
  require(got.dtype === expected.dtype && sameShape(got.shape, expected.shape), () =>
    `${what}: is ${got.dtype}${showShape(got.shape)}, expected ${expected.dtype}${showShape(expected.shape)}`);
  const name = { float32: 'Float32Array', float64: 'Float64Array', int32: 'Int32Array', bool: 'Uint8Array' }[got.dtype];
  require(got.values.constructor.name === name, () =>
    `${what}: a ${got.dtype} is read as ${got.values.constructor.name}`);
  const size = got.shape.reduce((product, n) => product * n, 1);
  require(got.values.length === size, () => `${what}: ${got.values.length} elements are read, the shape has ${size}`);
}

/** How far beyond its bound an element is, as a multiple of it; 0 within. */
function excessAt(got: number, { values, error, dtype }: Expected, i: number, what: string): number {
  const want = values[i];
  if (Object.is(got, want)) return 0;
  if (!isFloating(dtype) || error === null) return Infinity;
  if (Number.isNaN(want) || Math.abs(want) === Infinity) return got === want ? 0 : Infinity;
  if (Math.abs(want) >= LARGEST[dtype] && got === Math.sign(want) * Infinity) return 0;
  require(Number.isFinite(error[i]), () => `${what}: element ${i} is ill-conditioned: rounding may make it anything`);
  const bound = error[i] + SMALLEST_NORMAL[dtype];
  const off = Math.abs(got - want);
  return off <= bound ? 0 : Number.isNaN(off) ? Infinity : off / bound;
}

function show(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}

/** The index, per axis, of the element at `position`. */
export function indexOf(position: number, shape: Shape): number[] {
  let rest = position;
  return [...shape]
    .reverse()
    .map((n) => {
      const i = rest % n;
      rest = Math.floor(rest / n);
      return i;
    })
    .reverse();
}
