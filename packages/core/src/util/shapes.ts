import { ShapeError } from '../errors.ts';
import { checkShape, normalizeAxes, normalizeAxis, type Shape, showShape, sizeOf, stridesOf } from '../shape.ts';

/** Whether there is but one element. */
export function isScalarShape(shape: Shape): boolean {
  return shape.length === 0;
}

/** Whether two arrays have equal elements; null equals everything. */
export function arraysEqualWithNull(n1: readonly (number | null)[], n2: readonly (number | null)[]): boolean {
  return n1.length === n2.length && n1.every((n, i) => n === null || n2[i] === null || n === n2[i]);
}

/**
 * Whether two arrays have equal elements.
 * @example
 * console.log(util.arraysEqual([1, 2], Float32Array.of(1, 2))); // true
 */
export function arraysEqual(n1: ArrayLike<unknown> | null, n2: ArrayLike<unknown> | null): boolean {
  if (n1 === n2) return true;
  if (n1 === null || n2 === null || n1.length !== n2.length) return false;
  for (let i = 0; i < n1.length; i++) if (n1[i] !== n2[i]) return false;
  return true;
}

/** The shape with its one -1 replaced by the length that `size` elements leave. */
export function inferFromImplicitShape(shape: Shape, size: number): number[] {
  const open = shape.indexOf(-1);
  const rest = shape.filter((_, i) => i !== open);
  checkShape('inferFromImplicitShape', rest);
  const length = size / sizeOf(rest);
  if (open < 0 ? sizeOf(shape) !== size : !Number.isInteger(length)) {
    throw new ShapeError(`${size} elements do not fill shape ${showShape(shape)}`);
  }
  return shape.map((n, i) => (i === open ? length : n));
}

/** Axes as numbers in [0, rank), in the order given; null means all. */
export function parseAxisParam(axis: number | readonly number[] | null | undefined, shape: Shape): number[] {
  if (axis === null || axis === undefined) return normalizeAxes('axis', null, shape);
  return [axis].flat().map((one: number) => normalizeAxis('axis', one, shape));
}

/** The shape without axes of length 1, all or those of `axis`, and the axes that are kept. */
export function squeezeShape(
  shape: Shape,
  axis?: readonly number[] | null,
): { newShape: number[]; keptDims: number[] } {
  const chosen = axis === null || axis === undefined || axis.length === 0 ? null : parseAxisParam(axis, shape);
  const long = chosen?.find((i) => shape[i] !== 1);
  if (long !== undefined) throw new ShapeError(`axis ${long} of shape ${showShape(shape)} has not length 1`);
  const keptDims = shape.flatMap((n, i) => (n === 1 && (chosen === null || chosen.includes(i)) ? [] : [i]));
  return { newShape: keptDims.map((i) => shape[i]), keptDims };
}

/** Row-major strides without the last, which is 1. */
export function computeStrides(shape: Shape): number[] {
  return stridesOf(shape).slice(0, -1);
}

/** Where the element at a position stands in memory. */
export function locToIndex(locs: readonly number[], rank: number, strides: readonly number[]): number {
  return locs.slice(0, rank).reduce((index, at, axis) => index + at * (strides[axis] ?? 1), 0);
}

/** The position of the element that stands at `index` in memory. */
export function indexToLoc(index: number, rank: number, strides: readonly number[]): number[] {
  let rest = index;
  return Array.from({ length: rank }, (_, axis) => {
    const stride = strides[axis] ?? 1;
    const at = Math.floor(rest / stride);
    rest -= at * stride;
    return at;
  });
}

/** Two lengths near each other whose rectangle holds `size` elements. */
export function sizeToSquarishShape(size: number): [number, number] {
  const width = Math.ceil(Math.sqrt(size));
  return [width, Math.ceil(size / width)];
}
