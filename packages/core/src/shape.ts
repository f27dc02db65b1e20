import { ShapeError } from './errors.ts';

/** The lengths of a tensor's axes; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * The number of elements of a tensor of `shape`.
 * @example
 * console.log(sizeOf([2, 3])); // 6
 */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/**
 * Row-major strides, in elements.
 * @example
 * console.log(stridesOf([2, 3, 4])); // [12, 4, 1]
 */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/**
 * Whether two shapes are equal.
 * @example
 * console.log(sameShape([2, 3], [2, 3])); // true
 */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * `[2,3]`, for messages.
 * @example
 * console.log(showShape([2, 3])); // [2,3]
 */
export function showShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/**
 * The shape of `a` against `b` under NumPy's broadcasting. Throws `ShapeError` where they do not fit.
 * @example
 * console.log(broadcastShapes('add', [2, 1], [3])); // [2, 3]
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${op}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast: axis ${rank - i} has lengths ${m} and ${n}`,
      );
    }
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

/**
 * The axes of `to` along which `from` was repeated to reach it, ascending.
 * @example
 * console.log(broadcastAxes([3, 1], [2, 3, 4])); // [0, 2]
 */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const added = to.length - from.length;
  const axes: number[] = [];
  for (let i = 0; i < to.length; i++) if (i < added || (from[i - added] === 1 && to[i] !== 1)) axes.push(i);
  return axes;
}

/**
 * One axis as a number in [0, rank). Throws `ShapeError` where it is out of range.
 * @example
 * console.log(normalizeAxis('sum', -1, [2, 3])); // 1
 */
export function normalizeAxis(op: string, axis: number, shape: Shape): number {
  if (!Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
    throw new ShapeError(
      `${op}: axis ${axis} is out of range for shape ${showShape(shape)}; it must be an integer in [${-shape.length}, ${shape.length})`,
    );
  }
  return axis < 0 ? axis + shape.length : axis;
}

/**
 * Axes as ascending numbers in [0, rank), without repetition; `undefined` or null means all of them.
 * @example
 * console.log(normalizeAxes('sum', [-1, 0], [2, 3])); // [0, 1]
 */
export function normalizeAxes(op: string, axes: number | readonly number[] | null | undefined, shape: Shape): number[] {
  if (axes === undefined || axes === null) return shape.map((_, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  if (!Array.isArray(list)) throw new ShapeError(`${op}: ${JSON.stringify(axes)} is no axis and no list of axes`);
  return [...new Set(list.map((axis) => normalizeAxis(op, axis, shape)))].sort((a, b) => a - b);
}

/**
 * `shape` without `axes`.
 * @example
 * console.log(dropAxes([2, 3, 4], [1])); // [2, 4]
 */
export function dropAxes(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, i) => !axes.includes(i));
}

/**
 * `shape` with length 1 along `axes`.
 * @example
 * console.log(keepAxes([2, 3, 4], [1])); // [2, 1, 4]
 */
export function keepAxes(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((n, i) => (axes.includes(i) ? 1 : n));
}

/**
 * The number of elements before an axis, along it, and after it.
 * @example
 * console.log(around([2, 3, 4, 5], 1)); // [2, 3, 20]
 */
export function around(shape: Shape, axis: number): [before: number, length: number, after: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

/** What was given for a shape: JSON would show NaN as null. */
function shown(shape: unknown): string {
  return Array.isArray(shape) ? showShape(shape) : String(shape);
}

/** Throws `ShapeError` unless `shape` is a list of non-negative integers. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`${op}: ${shown(shape)} is not a shape; axes must be non-negative integers`);
  }
}
