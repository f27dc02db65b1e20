import type { DType, TypedArray } from './dtype.ts';
import { ArgumentError, ShapeError } from './errors.ts';
import type { Shape } from './shape.ts';

/** Values as nested arrays, one level per axis. */
export type NestedValues = number | NestedValues[];

/** Numbers or booleans nested to any depth, regular, perhaps with typed arrays as the last axis. */
export type NestedLike = number | boolean | TypedArray | readonly NestedLike[];

/** Whether `x` is a typed array that can hold tensor values. */
export function isTypedArray(x: unknown): x is TypedArray | Uint8ClampedArray {
  return (
    x instanceof Float32Array ||
    x instanceof Float64Array ||
    x instanceof Int32Array ||
    x instanceof Uint8Array ||
    x instanceof Uint8ClampedArray
  );
}

/** The dtype that values have by themselves: null for JavaScript numbers, which take their surroundings' float. */
export function naturalDType(x: unknown): DType | null {
  if (x instanceof Float32Array) return 'float32';
  if (x instanceof Float64Array) return 'float64';
  if (isTypedArray(x)) return 'int32';
  let leaf: unknown = x;
  while (Array.isArray(leaf) && leaf.length > 0) leaf = leaf[0];
  if (isTypedArray(leaf)) return naturalDType(leaf);
  return typeof leaf === 'boolean' ? 'bool' : null;
}

/** Flat values and shape of a nested array. Throws `ShapeError` where it is ragged, `ArgumentError` where not numeric. */
export function flatten(op: string, x: NestedLike): { values: (number | boolean)[]; shape: number[] } {
  const shape: number[] = [];
  for (let level: unknown = x; Array.isArray(level) || isTypedArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const values: (number | boolean)[] = [];
  collect(op, x, shape, 0, values);
  return { values, shape };
}

function collect(op: string, x: unknown, shape: Shape, axis: number, into: (number | boolean)[]): void {
  if (axis === shape.length) {
    if (typeof x !== 'number' && typeof x !== 'boolean') {
      if (Array.isArray(x) || isTypedArray(x)) throw ragged(op, axis);
      throw new ArgumentError(`${op}: ${describe(x)} is not a number, a boolean or an array of them`);
    }
    into.push(x);
    return;
  }
  if (!Array.isArray(x) && !isTypedArray(x)) throw ragged(op, axis);
  if (x.length !== shape[axis]) {
    throw new ShapeError(
      `${op}: the nested array is ragged: a row of axis ${axis} has ${x.length} entries, the first has ${shape[axis]}`,
    );
  }
  for (let i = 0; i < x.length; i++) collect(op, x[i], shape, axis + 1, into);
}

function ragged(op: string, axis: number): ShapeError {
  return new ShapeError(`${op}: the nested array is ragged: some entries at depth ${axis} are arrays, others are not`);
}

/** A short name of any value, for messages. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  return typeof x === 'object' ? (x.constructor?.name ?? 'an object') : `${typeof x} ${String(x)}`;
}

/** The inverse of `flatten`. */
export function nest(data: TypedArray, shape: Shape): NestedValues {
  let at = 0;
  const build = (axis: number): NestedValues => {
    if (axis === shape.length) return data[at++];
    return Array.from({ length: shape[axis] }, () => build(axis + 1));
  };
  return build(0);
}
