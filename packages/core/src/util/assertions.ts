import { ArgumentError, ShapeError, WengertError } from '../errors.ts';
import { type Shape, sameShape, showShape } from '../shape.ts';

/**
 * Throws with that message unless `expr` holds.
 * @example
 * util.assert(1 > 2, () => 'too small'); // throws WengertError: too small
 */
export function assert(expr: boolean, message: () => string): void {
  if (!expr) throw new WengertError(message());
}

/** Throws unless two shapes are equal. */
export function assertShapesMatch(shapeA: Shape, shapeB: Shape, errorMessagePrefix = ''): void {
  if (!sameShape(shapeA, shapeB)) {
    throw new ShapeError(`${errorMessagePrefix}shapes ${showShape(shapeA)} and ${showShape(shapeB)} must match`);
  }
}

/** Throws for null and undefined. */
export function assertNonNull(a: unknown): void {
  if (a === null || a === undefined) throw new ArgumentError(`a value is needed, got ${String(a)}`);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string' || value instanceof String;
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** Whether a number has no fraction. */
export function isInt(a: number): boolean {
  return a % 1 === 0;
}

/** Whether a value can be waited for. */
export function isPromise(object: unknown): object is Promise<unknown> {
  return typeof object === 'object' && object !== null && 'then' in object && typeof object.then === 'function';
}
